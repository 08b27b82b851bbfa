//! What the derives' attributes mean.

use std::collections::BTreeMap;

use crd_core::parse;
use crd_core::{
    Channel, Declared, Family, IntegerEnum, Object, ObjectMeta, Resource, StringEnum, Union,
};
use serde_json::{Value, json};

/// Texts under a name of its own.
pub type Texts = Vec<String>;

/// A number that knows its default.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Size {
    /// How wide.
    pub width: Option<u8>,
}

/// One field of each sort.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Sorts {
    /// Must be there.
    pub required: String,
    /// Left out when `None`.
    pub optional: core::option::Option<String>,
    /// Left out when empty.
    pub list: std::vec::Vec<String>,
    /// A list that must be there.
    #[field(required)]
    pub needed: Vec<String>,
    /// An `Option` that is there even as `null`.
    #[field(required)]
    pub nullable: Option<String>,
    /// A type alias, which does not look like a list.
    #[field(default)]
    pub aliased: Texts,
    /// Absent is the default.
    #[field(default)]
    pub size: Size,
    /// Absent is the default, and the default is written.
    #[field(keep)]
    pub kept: u32,
    /// A list that is written even when empty.
    #[field(keep)]
    pub kept_list: Vec<String>,
    /// An odd name.
    #[field(rename = "fromCIDR")]
    pub from_cidr: Option<String>,
    /// A keyword.
    pub r#type: Option<String>,
    /// Written in a way of its own.
    #[field(with = as_text)]
    #[schemars(with = "String")]
    pub count: Option<u32>,
}

/// Numbers as texts.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// Other names.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[object(rename_all = "kebab-case")]
pub struct Kebab {
    /// Two words.
    pub two_words: Option<String>,
}

/// A list of something.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// The first of them.
    pub first: Option<T>,
}

/// One thing, or nothing.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum Matcher {
    /// Any text.
    Any,
    /// This text.
    Exact(String),
    /// A text like this.
    Regex(String),
}

/// A tree.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Tree {
    /// What grows on it.
    pub branches: Vec<Tree>,
    /// The left one.
    pub left: Option<Box<Tree>>,
}

/// A status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntegerEnum)]
pub enum Status {
    /// All is well.
    Ok = 200,
    /// Somewhere else.
    Found = 302,
}

/// What to do with it.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type", cel)]
pub enum Action {
    /// Let it in.
    Allow(Size),
    /// Ask somebody.
    #[arm(experimental)]
    Ask(String),
}

/// How hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum Strength {
    /// A little.
    Soft,
    /// A lot.
    #[arm(experimental)]
    Hard,
}

mod boxes {
    use super::*;

    /// A box.
    #[derive(Clone, Debug, PartialEq, Resource)]
    #[resource(
        group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Namespaced,
        status_subresource,
        stored = "v1beta1",
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        older(version = "v1beta1", deprecated = "write v1"),
        older(version = "v1alpha1", served = false, printer_columns = []),
        older(version = "v1alpha2", declared = super::OldBox, served = experimental),
    )]
    pub struct Package {
        /// Name, namespace, labels and annotations.
        pub metadata: ObjectMeta,
        /// What is wanted.
        pub spec: self::PackageSpec,
        /// What is there.
        pub status: Option<super::Size>,
    }

    /// What is wanted.
    #[derive(Clone, Debug, Default, PartialEq, Object)]
    pub struct PackageSpec {
        /// How large.
        pub size: Option<Size>,
        /// What to do.
        pub action: Option<Action>,
        /// How hard.
        pub strength: Option<Strength>,
        /// New.
        #[field(experimental)]
        pub lid: Option<String>,
        /// New, and needed.
        #[field(experimental)]
        #[schemars(length(max = 3))]
        pub key: String,
    }

    pub mod v1beta1 {
        pub use super::package_v1beta1::Package;
    }
}

/// A box as it once was.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(group = "example.com", version = "v1alpha2", kind = "Box", plural = "boxes", scope = Namespaced)]
pub struct OldBox {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: Option<Value>,
}

/// A lid.
#[derive(Clone, Debug, Default, PartialEq, Resource)]
#[resource(group = "example.com", version = "v1", kind = "Lid", plural = "lids", scope = Cluster, experimental)]
pub struct Lid {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
}

fn family() -> Family {
    Family::new("example")
        .kind::<boxes::Package>()
        .kind::<Lid>()
}

fn problems<T: serde::de::DeserializeOwned + std::fmt::Debug>(document: Value) -> String {
    parse::strict::<T>(&document).unwrap_err().to_string()
}

#[test]
fn what_is_absent_is_read_and_what_is_empty_is_left_out() {
    let least = json!({"required": "", "needed": [], "nullable": "x"});
    let read: Sorts = parse::strict(&least).unwrap();
    assert_eq!(
        serde_json::to_value(&read).unwrap(),
        json!({"required": "", "needed": [], "nullable": "x", "kept": 0, "keptList": []})
    );
    let whole = json!({
        "required": "r", "optional": "o", "list": ["l"], "needed": ["n"], "nullable": null, "aliased": ["a"],
        "size": {"width": 1}, "kept": 7, "keptList": ["k"], "fromCIDR": "10.0.0.0/8", "type": "t", "count": "7",
    });
    let read: Sorts = serde_json::from_value(whole.clone()).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), whole.to_string());
}

#[test]
fn each_required_member_is_missed() {
    assert_eq!(
        problems::<Sorts>(json!({"aliased": null, "kept": null})),
        "object without a name: needed: required field is missing; nullable: required field is missing; \
         required: required field is missing"
    );
}

#[test]
fn names_follow_the_case_asked_for() {
    let kebab: Kebab = serde_json::from_value(json!({"two-words": "x"})).unwrap();
    assert_eq!(kebab.two_words.as_deref(), Some("x"));
    assert_eq!(json!(Strength::Hard), json!("HARD"));
}

#[test]
fn generic_types_hold_what_they_are_given() {
    let page: Page<Size> = parse::strict(&json!({"items": [{}], "first": {"width": 1}})).unwrap();
    assert_eq!(page.first, Some(Size { width: Some(1) }));
    assert_eq!(json!(page), json!({"items": [{}], "first": {"width": 1}}));
}

#[test]
fn a_union_without_tag_may_be_an_empty_object() {
    let read = |document: Value| parse::strict::<Matcher>(&document);
    assert_eq!(read(json!({})).unwrap(), Matcher::Any);
    assert_eq!(json!(Matcher::Any), json!({}));
    assert_eq!(
        read(json!({"exact": "x"})).unwrap(),
        Matcher::Exact("x".into())
    );
    assert!(read(json!({"exact": "x", "regex": "y"})).is_err());
    assert!(read(json!({"any": {}})).is_err());
}

#[test]
fn a_type_may_hold_itself() {
    let tree = json!({"branches": [{"left": {"branches": [{}]}}]});
    assert_eq!(json!(parse::strict::<Tree>(&tree).unwrap()), tree);
}

#[test]
fn numbers_are_one_of_the_set() {
    assert_eq!(json!(Status::Found), json!(302));
    assert_eq!(Status::ALL, [200, 302]);
    assert!(problems::<Status>(json!(201)).contains("expected one of 200, 302"));
}

#[test]
fn an_older_version_is_a_type_of_its_own_with_the_same_fields() {
    use boxes::{Package, PackageSpec, v1beta1};
    let spec = PackageSpec {
        key: "k".to_owned(),
        ..PackageSpec::default()
    };
    let old = v1beta1::Package::new("a", spec.clone()).in_namespace("b");
    assert_eq!(json!(old)["apiVersion"], json!("example.com/v1beta1"));
    assert_eq!(old.spec, Package::new("a", spec).spec);
    assert!(parse::strict::<Package>(&json!(old)).is_err());
    assert_eq!(parse::strict::<v1beta1::Package>(&json!(old)), Ok(old));
}

#[test]
fn a_kind_knows_its_versions() {
    let versions: Vec<_> = boxes::Package::versions()
        .iter()
        .map(|version| {
            let served = [Channel::Standard, Channel::Experimental]
                .map(|channel| version.is_served(channel));
            (version.info().version, served, version.is_stored())
        })
        .collect();
    assert_eq!(
        versions,
        [
            ("v1", [true, true], false),
            ("v1beta1", [true, true], true),
            ("v1alpha1", [false, false], false),
            ("v1alpha2", [false, true], false),
        ]
    );
}

#[test]
fn a_family_reads_each_version_as_its_own_type() {
    let family = family();
    let kinds: Vec<_> = family.kinds().map(|info| info.kind).collect();
    assert_eq!(kinds, ["Box", "Lid"]);
    let document = json!({"apiVersion": "example.com/v1alpha2", "kind": "Box", "metadata": {"name": "a"}, "spec": {"x": 1}});
    let version = family.version("example.com/v1alpha2", "Box").unwrap();
    let read = version.strict(&document).unwrap();
    assert!(read.as_any().is::<OldBox>());
    assert_eq!(read.to_value().unwrap(), document);
    assert_eq!(
        (read.info().kind, read.metadata().name.as_deref()),
        ("Box", Some("a"))
    );
    let unknown = json!({"apiVersion": "example.com/v1", "kind": "Lid", "metadata": {}, "typo": 1});
    let lid = family.version("example.com/v1", "Lid").unwrap();
    assert!(lid.strict(&unknown).is_err() && lid.lenient(&unknown).is_ok());
    assert!(family.version("example.com/v2", "Box").is_none());
    assert!(family.version("v1", "Box").is_none());
}

#[test]
fn maps_keep_their_keys() {
    let read: BTreeMap<String, Size> = parse::strict(&json!({"a.b/c": {"width": 3}})).unwrap();
    assert_eq!(read["a.b/c"].width, Some(3));
}

#[cfg(feature = "schema")]
mod schema {
    use super::*;
    use crd_core::schema::schema_for;

    #[test]
    fn required_is_what_must_be_there() {
        let schema = schema_for::<Sorts>();
        assert_eq!(
            schema.get("required"),
            Some(&json!(["required", "needed", "nullable"]))
        );
        assert_eq!(
            schema.pointer("/properties/fromCIDR/type"),
            Some(&json!("string"))
        );
        assert_eq!(
            schema.pointer("/properties/fromCIDR/description"),
            Some(&json!("An odd name."))
        );
    }

    #[test]
    fn a_type_inside_itself_is_any_object_there() {
        let schema = schema_for::<Tree>().to_value();
        assert!(!schema.to_string().contains("$ref"), "{schema}");
        assert_eq!(
            schema["properties"]["branches"]["items"]["properties"]["branches"]["items"],
            json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
        );
    }

    #[test]
    fn a_union_that_may_be_empty_demands_one_member_at_most() {
        assert_eq!(
            schema_for::<Matcher>().get("oneOf"),
            Some(&json!([
                {"not": {"anyOf": [{"required": ["exact"]}, {"required": ["regex"]}]}},
                {"required": ["exact"]},
                {"required": ["regex"]},
            ]))
        );
    }

    #[test]
    fn the_standard_channel_lacks_what_is_experimental() {
        let spec = |channel| {
            let definitions = family().definitions(channel);
            let kinds: Vec<_> = definitions
                .iter()
                .map(|definition| definition.kind())
                .collect();
            let crd = definitions[0].to_json().unwrap();
            let version = &crd["spec"]["versions"][0];
            assert!(!crd.to_string().contains("x-crd-"), "{crd}");
            (
                kinds,
                version["schema"]["openAPIV3Schema"]["properties"]["spec"].clone(),
            )
        };
        let (kinds, standard) = spec(Channel::Standard);
        assert_eq!(kinds, ["Box"]);
        let properties: Vec<_> = standard["properties"].as_object().unwrap().keys().collect();
        assert_eq!(properties, ["size", "action", "strength"]);
        assert_eq!(standard.get("required"), None);
        assert_eq!(standard["properties"]["strength"]["enum"], json!(["SOFT"]));
        let action = &standard["properties"]["action"];
        assert_eq!(action["properties"]["type"]["enum"], json!(["Allow"]));
        assert_eq!(action["properties"].get("ask"), None);
        assert_eq!(
            action["x-kubernetes-validations"].as_array().unwrap().len(),
            2
        );

        let (kinds, experimental) = spec(Channel::Experimental);
        assert_eq!(kinds, ["Box", "Lid"]);
        assert_eq!(experimental["required"], json!(["key"]));
        assert_eq!(experimental["properties"]["key"]["maxLength"], json!(3));
        assert_eq!(
            experimental["properties"]["strength"]["enum"],
            json!(["SOFT", "HARD"])
        );
        let action = &experimental["properties"]["action"];
        assert_eq!(
            action["properties"]["type"]["enum"],
            json!(["Allow", "Ask"])
        );
        assert_eq!(
            action["x-kubernetes-validations"].as_array().unwrap().len(),
            4
        );
    }

    #[test]
    fn a_definition_has_all_versions_of_the_declaration() {
        let crd = json!(boxes::Package::crd());
        let versions: Vec<_> = crd["spec"]["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| {
                (
                    version["name"].as_str().unwrap(),
                    version["storage"].as_bool().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            versions,
            [
                ("v1", false),
                ("v1beta1", true),
                ("v1alpha1", false),
                ("v1alpha2", false)
            ]
        );
        assert_eq!(
            crd["spec"]["versions"][1]["deprecationWarning"],
            json!("write v1")
        );
        assert_eq!(
            crd["spec"]["versions"][2].get("additionalPrinterColumns"),
            None
        );
        assert_eq!(
            crd["spec"]["versions"][1]["subresources"],
            json!({"status": {}})
        );
    }
}

/// A kind that says a text where a number belongs.
#[cfg(feature = "schema")]
mod broken {
    use crd_core::{ObjectMeta, Resource};

    /// A kind.
    #[derive(Clone, Debug, PartialEq, Resource)]
    #[resource(group = "example.com", version = "v1", kind = "Broken", plural = "broken", scope = Cluster)]
    pub struct Broken {
        /// Its name.
        pub metadata: ObjectMeta,
        /// Whose schema is none.
        #[schemars(extend("maxLength" = "long"))]
        pub text: String,
    }
}

#[cfg(feature = "schema")]
#[test]
fn a_schema_that_is_none_is_an_error_and_lets_nothing_pass() {
    let definition = crd_core::crd::Definition::of::<broken::Broken>();
    let error = definition.check().unwrap_err().to_string();
    assert!(
        error.contains("Broken example.com/v1") && error.contains("long"),
        "{error}"
    );
    let crd = json!(definition.build());
    assert_eq!(
        crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"],
        json!({"description": error, "not": {}})
    );
}

/// How something comes to an end.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum End {
    /// After a while.
    After(u8),
    /// At a size.
    At(Size),
}

/// What knows some members and takes any others.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Open {
    /// One that it knows.
    pub size: Option<Size>,
    /// A union beside.
    #[field(embed)]
    pub end: Option<End>,
    /// All others.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

#[test]
fn members_that_no_field_has_are_the_rest() {
    let document =
        json!({"size": {"width": 3}, "at": {}, "others": [1], "none": null, "more": {"a": "b"}});
    let open: Open = parse::strict(&document).unwrap();
    let rest = [
        ("more", json!({"a": "b"})),
        ("none", Value::Null),
        ("others", json!([1])),
    ];
    let rest = rest.map(|(key, value)| (key.to_owned(), value));
    assert_eq!(open.others, BTreeMap::from(rest));
    assert_eq!(open.end, Some(End::At(Size::default())));
    assert_eq!(json!(open), document);
    let wrong = json!({"size": {"with": 3}, "more": 1});
    let error = parse::strict::<Open>(&wrong).unwrap_err();
    assert_eq!(error.problems()[0].path.to_string(), "size.with");
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_of_what_has_a_rest_lets_unknown_members_in() {
    let schema = crd_core::schema::schema_for::<Open>();
    let schema = schema.as_value();
    assert_eq!(schema["x-kubernetes-preserve-unknown-fields"], true);
    let members = schema["properties"].as_object().unwrap();
    assert_eq!(members.keys().collect::<Vec<_>>(), ["size", "after", "at"]);
}

#[test]
fn what_each_part_is_read_with_is_told_with_the_union_of_a_member() {
    let document = json!({"size": {"width": 3}, "at": {}, "more": 1});
    let seeds = parse::seeds::<Open>(&document).unwrap();
    let short = |name: &str| -> String {
        let words = name.split_inclusive(|letter: char| {
            !letter.is_alphanumeric() && letter != '_' && letter != ':'
        });
        words
            .map(|word| word.rsplit("::").next().unwrap_or_default())
            .collect()
    };
    let told: Vec<(String, String)> = seeds
        .iter()
        .map(|(path, seed)| (path.to_string(), short(seed)))
        .collect();
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(path, seed)| (path.as_str(), seed.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("size", "PhantomData<Option<Size>>"),
            ("size.width", "PhantomData<Option<u8>>"),
            ("at", "Body<End, Size>"),
            ("more", "PhantomData<Value>"),
        ]
    );
    assert!(parse::seeds::<Open>(&json!({"size": 1})).is_err());
}
