//! The derives, from the outside: what they write, what they refuse, and at which path.

use crd_core::parse::{self, ParseError};
use crd_core::{GepDuration, Object, ObjectMeta, ProblemKind, Resource, StringEnum, Union};
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum Colour {
    /// Like blood.
    Red,
    /// Like the sky.
    #[arm(rename = "sky-blue")]
    SkyBlue,
}

/// A reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Reason {
    /// All is well.
    #[default]
    Fine,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How text is compared.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
pub enum Match {
    /// All of it.
    Exact(String),
    /// The beginning.
    Prefix(String),
    /// Off in this build.
    #[cfg(any())]
    Never(Missing),
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type", cel)]
pub enum Filter {
    /// Copies.
    Mirror(Target),
    /// Sends elsewhere.
    #[schemars(length(max = 10))]
    #[arm(tag = "URLRewrite", member = "urlRewrite")]
    Rewrite(String),
    /// Stops.
    Stop,
}

/// Where to.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "kind")]
pub enum Place {
    /// Here.
    Here(String),
    /// There.
    There(String),
}

/// Where to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// Name.
    pub name: String,
    /// Port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct Rule {
    /// Percent.
    pub percent_of_all: Option<u32>,
    /// What.
    #[field(embed)]
    pub what: Match,
    /// Names.
    #[schemars(inner(length(max = 3)))]
    pub names: Vec<String>,
    /// Off in this build.
    #[cfg(any())]
    pub never: Option<Missing>,
}

/// May have a place.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Wanderer {
    /// Name.
    pub name: String,
    /// Where.
    #[field(embed)]
    pub place: Option<Place>,
    /// What.
    #[field(embed)]
    pub what: Option<Match>,
}

/// The spec.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DemoSpec {
    /// Rules.
    pub rules: std::vec::Vec<Rule>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// Timeout.
    pub timeout: Option<GepDuration>,
    /// Colour.
    pub colour: Option<Colour>,
    /// Anything.
    pub anything: Option<Value>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Targets.
    pub targets: Vec<Target>,
}

/// A demo.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "example.com", version = "v1", kind = "Demo", plural = "demos", scope = Namespaced,
    short_names = ["dm", "dmo"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp"), ("Wide", "string", ".spec.x", 1)],
    deprecated = "use v2",
)]
#[schemars(extend("x-kubernetes-validations" = crd_core::schema::rules(&[("true", "never")])))]
pub struct Demo {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Wanted.
    pub spec: Option<DemoSpec>,
    /// More of them.
    pub specs: Vec<DemoSpec>,
    /// Labels.
    #[field(rename = "security-labels", required)]
    pub security_labels: BTreeMap<String, String>,
}

/// Nothing but metadata.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(group = "example.com", version = "v1", kind = "Bare", plural = "bares", scope = Cluster)]
pub struct Bare {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
}

fn demo(spec: Value) -> Value {
    json!({
        "apiVersion": "example.com/v1", "kind": "Demo",
        "metadata": {"name": "a", "namespace": "b"},
        "spec": spec, "security-labels": {},
    })
}

fn problems<T: DeserializeOwned + std::fmt::Debug>(document: &Value) -> Vec<String> {
    lines(&parse::strict::<T>(document).unwrap_err())
}

fn lines(error: &ParseError) -> Vec<String> {
    error.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn a_root_keeps_its_own_order_and_fields() {
    let document = json!({
        "apiVersion": "example.com/v1", "kind": "Demo", "metadata": {"name": "a"},
        "spec": {"rules": [{"percentOfAll": 3, "exact": "x", "names": ["n"]}],
                 "filters": [{"type": "Stop"}, {"type": "URLRewrite", "urlRewrite": "u"}],
                 "timeout": "60m", "colour": "sky-blue", "anything": {"a": [1, null]}},
        "specs": [{}], "security-labels": {"k": "v"},
    });
    let demo: Demo = parse::strict(&document).unwrap();
    assert_eq!(
        serde_json::to_string(&demo).unwrap(),
        serde_json::to_string(&document).unwrap()
    );
    assert_eq!(demo.spec.unwrap().rules[0].what, Match::Exact("x".into()));
    let bare = json!({"apiVersion": "example.com/v1", "kind": "Bare", "metadata": {"name": "a"}});
    assert_eq!(json!(parse::strict::<Bare>(&bare).unwrap()), bare);
    assert_eq!(json!(Bare::new("a")), bare);
}

#[test]
fn constructors_take_what_is_required() {
    let demo = Demo::new("a", DemoSpec::default(), BTreeMap::new())
        .in_namespace("b")
        .with_label("x", "y");
    assert_eq!(
        json!(demo),
        json!({"apiVersion": "example.com/v1", "kind": "Demo",
               "metadata": {"labels": {"x": "y"}, "name": "a", "namespace": "b"}, "spec": {}, "security-labels": {}})
    );
}

#[test]
fn kube_sees_a_resource() {
    use kube_core::Resource;
    assert_eq!(Demo::kind(&()), "Demo");
    assert_eq!(Demo::group(&()), "example.com");
    assert_eq!(Demo::plural(&()), "demos");
    assert_eq!(Demo::api_version(&()), "example.com/v1");
    assert_eq!(
        Demo::url_path(&(), Some("b")),
        "/apis/example.com/v1/namespaces/b/demos"
    );
    assert_eq!(Bare::url_path(&(), None), "/apis/example.com/v1/bares");
}

#[test]
fn another_kind_or_version_is_refused_and_nothing_else_is_said() {
    let mut document = demo(json!({"typo": 1}));
    document["apiVersion"] = json!("example.com/v2");
    assert_eq!(
        problems::<Demo>(&document),
        ["apiVersion: invalid value: string \"example.com/v2\", expected `example.com/v1`"]
    );
    document["apiVersion"] = json!("example.com/v1");
    document["kind"] = json!("ConfigMap");
    assert_eq!(
        problems::<Demo>(&document),
        ["kind: invalid value: string \"ConfigMap\", expected `Demo`"]
    );
    assert!(parse::lenient::<Demo>(&document).is_err());
    assert!(serde_json::from_value::<Demo>(document.clone()).is_err());
    document.as_object_mut().unwrap().remove("kind");
    assert!(problems::<Demo>(&document).contains(&"kind: required field is missing".to_owned()));
}

#[test]
fn all_problems_are_found_each_with_its_path() {
    let document = demo(json!({
        "rules": [
            {"exact": "x", "prefix": "y"},
            {"percentOfAll": -1, "exact": 7, "nams": []},
            {"names": []},
            {"exact": "fine"},
        ],
        "filters": [
            {"type": "URLRewrite", "mirror": {"name": "n"}},
            {"type": "Mirror"},
            {"mirror": {"name": "n", "port": "http", "prt": 1}},
            {"type": "Mirror", "mirror": {"port": 70000}},
            {"type": "Rewrite", "urlRewrite": "u"},
            {"type": "Stop", "urlRewrite": "u"},
        ],
        "timeout": "1.5h",
        "colour": "green",
        "targets": [{"port": 1}, {"name": "ok", "port": 2}, {"nam": "x", "name": "y"}],
        "labels": {"a.b/c": 1},
    }));
    assert_eq!(
        problems::<Demo>(&document),
        [
            "spec.colour: `green` is none of `Red`, `sky-blue`",
            "spec.filters[0]: `type` is `URLRewrite`, but `mirror` is set instead of `urlRewrite`",
            "spec.filters[1]: `type` is `Mirror`, which demands the member `mirror`; it is missing",
            "spec.filters[2]: `mirror` is set, which demands `type: Mirror`; `type` is missing",
            "spec.filters[2].mirror.port: invalid type: string \"http\", expected u16",
            "spec.filters[2].mirror.prt: unknown field",
            "spec.filters[3].mirror.name: required field is missing",
            "spec.filters[3].mirror.port: invalid value: integer `70000`, expected u16",
            "spec.filters[4].type: invalid value: string \"Rewrite\", expected one of `Mirror`, `URLRewrite`, `Stop`",
            "spec.filters[5]: `type` is `Stop`, but `urlRewrite` is set, and this type has no member of its own",
            "spec.labels[a.b/c]: invalid type: integer `1`, expected a string",
            "spec.rules[0]: `exact` and `prefix` exclude each other; set one of them",
            "spec.rules[1].exact: invalid type: integer `7`, expected a string",
            "spec.rules[1].nams: unknown field",
            "spec.rules[1].percentOfAll: invalid value: integer `-1`, expected u32",
            "spec.rules[2]: exactly one of `exact`, `prefix` must be set; none is",
            "spec.targets[0].name: required field is missing",
            "spec.targets[2].nam: unknown field",
            "spec.timeout: `1.5h` is not a duration; one to four of a whole number of at most five digits and h, m, s or ms, such as 1h30m",
        ]
    );
}

/// Needs much.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Needy {
    name: String,
    colour: Colour,
    ports: Vec<u16>,
    target: Target,
    what: Match,
    on: bool,
}

#[test]
fn each_missing_field_is_reported() {
    assert_eq!(
        problems::<Needy>(&json!({"ports": ["http"], "typo": 1})),
        [
            "colour: required field is missing",
            "name: required field is missing",
            "ports[0]: invalid type: string \"http\", expected u16",
            "typo: unknown field",
        ]
    );
    assert_eq!(
        problems::<Vec<Needy>>(
            &json!([{"colour": "Red"}, {"name": "n", "on": 1, "colour": "Red", "ports": []}])
        ),
        [
            "[0].name: required field is missing",
            "[0].ports: required field is missing",
            "[0].target: required field is missing",
            "[1].on: invalid type: integer `1`, expected a boolean",
            "[1].target: required field is missing",
        ]
    );
}

#[test]
fn lenient_skips_unknown_fields_and_nothing_else() {
    let document = demo(json!({"typo": 1, "targets": [{"name": "n", "new": {}}]}));
    assert_eq!(
        parse::lenient::<Demo>(&document)
            .unwrap()
            .spec
            .unwrap()
            .targets[0]
            .name,
        "n"
    );
    assert_eq!(problems::<Demo>(&document).len(), 2);
    let error = parse::lenient::<Demo>(&demo(json!({"typo": 1, "colour": 1}))).unwrap_err();
    assert_eq!(
        lines(&error),
        ["spec.colour: invalid type: integer `1`, expected a string"]
    );
}

#[test]
fn null_counts_as_absent() {
    let document = demo(json!({
        "rules": null, "labels": null, "colour": null,
        "filters": [{"type": "Stop", "mirror": null}, {"type": "Mirror", "mirror": {"name": "n", "port": null}}],
    }));
    let demo_ = parse::strict::<Demo>(&document).unwrap();
    assert_eq!(demo_.spec.as_ref().unwrap().filters.len(), 2);
    assert_eq!(
        problems::<Demo>(&demo(json!({"targets": [{"name": null}], "colour": 1})))[1],
        "spec.targets[0].name: required field is missing"
    );
    assert_eq!(
        parse::strict::<Demo>(&demo(json!({"targets": [null]})))
            .unwrap_err()
            .problems()
            .len(),
        1
    );
}

#[test]
fn embedded_unions_may_be_absent() {
    let read = |json: Value| parse::strict::<Wanderer>(&json);
    let bare = read(json!({"name": "n"})).unwrap();
    assert_eq!((bare.place, bare.what), (None, None));
    let full = json!({"name": "n", "kind": "There", "there": "x", "exact": "y"});
    assert_eq!(json!(read(full.clone()).unwrap()), full);
    assert_eq!(
        lines(&read(json!({"name": "n", "kind": "There"})).unwrap_err()),
        [".: `kind` is `There`, which demands the member `there`; it is missing"]
    );
}

#[test]
fn the_error_names_the_object() {
    let error = parse::strict::<Demo>(&demo(json!({"typo": 1}))).unwrap_err();
    assert_eq!(error.to_string(), "Demo b/a: spec.typo: unknown field");
    assert_eq!(error.object().api_version, "example.com/v1");
    assert_eq!(error.problems()[0].kind, ProblemKind::UnknownField);
}

#[test]
fn what_is_no_object_is_an_error_of_the_root() {
    for document in [json!(null), json!([]), json!("x"), json!({})] {
        assert!(parse::strict::<Demo>(&document).is_err(), "{document}");
    }
    assert_eq!(
        problems::<Demo>(&json!([])),
        [".: invalid type: sequence, expected an object of kind Demo"]
    );
}

#[test]
fn open_sets_keep_what_they_do_not_know() {
    assert_eq!(Reason::default(), Reason::Fine);
    let odd: Reason = serde_json::from_value(json!("Odd")).unwrap();
    assert_eq!(json!(odd), json!("Odd"));
    assert_eq!(Colour::ALL, ["Red", "sky-blue"]);
}

#[cfg(feature = "schema")]
mod schema {
    use super::*;

    fn schema_of<T: schemars::JsonSchema>() -> Value {
        crd_core::schema::schema_for::<T>().to_value()
    }

    #[test]
    fn a_union_by_member_is_a_one_of() {
        assert_eq!(
            schema_of::<Match>(),
            json!({
                "description": "How text is compared.",
                "type": "object",
                "properties": {
                    "exact": {"description": "All of it.", "type": "string"},
                    "prefix": {"description": "The beginning.", "type": "string"},
                },
                "oneOf": [{"required": ["exact"]}, {"required": ["prefix"]}],
            })
        );
    }

    #[test]
    fn a_discriminated_union_has_rules_or_a_one_of() {
        let filter = schema_of::<Filter>();
        assert_eq!(filter["required"], json!(["type"]));
        assert_eq!(
            filter["properties"]["type"]["enum"],
            json!(["Mirror", "URLRewrite", "Stop"])
        );
        assert_eq!(filter["properties"]["urlRewrite"]["maxLength"], json!(10));
        assert_eq!(
            filter["x-kubernetes-validations"].as_array().unwrap().len(),
            4
        );
        assert_eq!(filter.get("oneOf"), None);
        let place = schema_of::<Place>();
        assert_eq!(
            place["oneOf"],
            json!([
                {"properties": {"kind": {"enum": ["Here"]}}, "required": ["here"], "not": {"anyOf": [{"required": ["there"]}]}},
                {"properties": {"kind": {"enum": ["There"]}}, "required": ["there"], "not": {"anyOf": [{"required": ["here"]}]}},
            ])
        );
    }

    #[test]
    fn embedded_members_stand_beside_the_others() {
        let rule = schema_of::<Rule>();
        let keys: Vec<_> = rule["properties"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["percentOfAll", "names", "exact", "prefix"]);
        assert_eq!(
            rule["oneOf"],
            json!([{"required": ["exact"]}, {"required": ["prefix"]}])
        );
        let wanderer = schema_of::<Wanderer>();
        assert_eq!(wanderer["required"], json!(["name"]));
        assert_eq!(
            wanderer["oneOf"][0],
            json!({"not": {"anyOf": [{"required": ["kind"]}]}})
        );
        assert_eq!(
            wanderer["allOf"][0]["oneOf"][0],
            json!({"not": {"anyOf": [{"required": ["exact"]}, {"required": ["prefix"]}]}})
        );
    }

    #[test]
    fn string_sets_are_enums_when_closed() {
        assert_eq!(
            schema_of::<Colour>(),
            json!({"type": "string", "enum": ["Red", "sky-blue"]})
        );
        assert_eq!(schema_of::<Reason>(), json!({"type": "string"}));
    }

    #[test]
    fn options_are_not_nullable_and_any_value_is_kept() {
        let spec = schema_of::<DemoSpec>();
        assert_eq!(spec["properties"]["colour"]["type"], json!("string"));
        assert_eq!(
            spec["properties"]["colour"]["enum"],
            json!(["Red", "sky-blue"])
        );
        assert_eq!(
            spec["properties"]["timeout"]["pattern"],
            json!(GepDuration::PATTERN)
        );
        assert_eq!(
            spec["properties"]["anything"]["x-kubernetes-preserve-unknown-fields"],
            json!(true)
        );
        assert_eq!(
            spec["properties"]["targets"]["items"]["properties"]["port"],
            json!({"description": "Port.", "type": "integer", "minimum": 0, "maximum": 65535})
        );
        assert!(!spec.to_string().contains("null"));
        assert!(!spec.to_string().contains("default"), "{spec}");
    }

    #[test]
    fn a_crd_says_all_that_the_attributes_say() {
        let crd = json!(Demo::crd());
        assert_eq!(crd["metadata"]["name"], json!("demos.example.com"));
        assert_eq!(
            crd["spec"]["names"],
            json!({"kind": "Demo", "listKind": "DemoList", "plural": "demos", "singular": "demo", "shortNames": ["dm", "dmo"]})
        );
        let version = &crd["spec"]["versions"][0];
        assert_eq!(version["subresources"], json!({"status": {}}));
        assert_eq!(version["deprecationWarning"], json!("use v2"));
        assert_eq!(
            ["served", "storage", "deprecated"].map(|member| version[member].clone()),
            [json!(true), json!(true), json!(true)]
        );
        assert_eq!(
            version["additionalPrinterColumns"],
            json!([{"jsonPath": ".metadata.creationTimestamp", "name": "Age", "type": "date"},
                   {"jsonPath": ".spec.x", "name": "Wide", "priority": 1, "type": "string"}])
        );
        let root = &version["schema"]["openAPIV3Schema"];
        assert_eq!(root["required"], json!(["security-labels"]));
        assert_eq!(
            root["x-kubernetes-validations"],
            json!([{"message": "never", "rule": "true"}])
        );
        assert_eq!(root["properties"]["metadata"], json!({"type": "object"}));
        assert_eq!(root["description"], json!("A demo."));
        assert_eq!(
            root["properties"]["specs"]["description"],
            json!("More of them.")
        );
    }
}

/// Whom to ask; the API takes several, or none.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum Host {
    /// One.
    First(Target),
    /// Another.
    Second(String),
    /// More than one.
    #[arm(several)]
    Several(Vec<Self>),
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Question {
    /// Whom.
    #[field(embed)]
    pub host: Option<Host>,
    /// What.
    pub text: Option<String>,
}

#[test]
fn several_members_are_kept_where_the_api_takes_them() {
    let first = json!({"name": "a"});
    let both = json!({"second": "b", "text": "t", "first": first});
    let read: Question = parse::strict(&both).unwrap();
    let Some(Host::Several(arms)) = &read.host else {
        panic!("{read:?}")
    };
    assert_eq!(
        (arms[0].name(), arms[1].name(), arms.len()),
        ("second", "first", 2)
    );
    assert_eq!(json!(read), both);
    for (document, name) in [
        (json!({}), None),
        (json!({"first": null}), None),
        (json!({"second": "b", "first": null}), Some("second")),
        (json!({"first": first}), Some("first")),
    ] {
        let read: Question = parse::strict(&document).unwrap();
        assert_eq!(read.host.as_ref().map(Host::name), name, "{document}");
    }
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_of_several_members_excludes_none() {
    let schema = json!(crd_core::schema::schema_for::<Question>());
    assert_eq!((schema.get("oneOf"), schema.get("required")), (None, None));
    assert!(schema["properties"]["second"].is_object(), "{schema}");
}

/// An enum of another dialect, with a word on each arm.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[allow(dead_code)]
enum Grain {
    /// Small.
    Fine,
    /// Large.
    Coarse,
}

/// One arm holds something.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[allow(dead_code)]
enum Sieve {
    /// Nothing.
    Open,
    /// A width.
    Width(u8),
}

#[cfg(feature = "schema")]
#[test]
fn arms_that_are_texts_become_one_set_of_texts() {
    let grain = json!(crd_core::schema::schema_for::<Grain>());
    assert_eq!(grain["type"], "string", "{grain}");
    assert_eq!(grain["enum"], json!(["Fine", "Coarse"]), "{grain}");
    assert!(grain.get("oneOf").is_none(), "{grain}");
    // Where one arm is no text, they stay apart.
    let sieve = json!(crd_core::schema::schema_for::<Sieve>());
    assert_eq!(sieve["oneOf"].as_array().map(Vec::len), Some(2), "{sieve}");
}
