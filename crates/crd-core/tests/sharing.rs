//! Schemas that write what stands in several places once say what those without references say; and what else a definition says.
#![cfg(feature = "schema")]

use std::collections::BTreeMap;

use crd_core::crd::Definition;
use crd_core::schema::{
    any_object, condition, conditions, experimental, int_or_string, label_selector, of_json,
    only_in, schema_for,
};
use crd_core::{
    Channel, Family, GepDuration, GoDuration, IntegerEnum, Object, ObjectMeta, Resource,
    StringEnum, Union,
};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

/// A part.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Part {
    /// What it is called.
    #[schemars(length(max = 9))]
    pub name: String,
    /// How hard it is.
    pub grade: Option<Grade>,
    /// Where it is new.
    #[field(experimental)]
    pub lid: Option<Lid>,
}

/// A grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, StringEnum)]
pub enum Grade {
    /// A little.
    Soft,
    /// A lot.
    #[arm(experimental)]
    Hard,
}

/// A lid.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Lid {
    /// How wide.
    pub width: Option<u8>,
}

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntegerEnum)]
pub enum Code {
    /// All is well.
    Fine = 200,
    /// Somewhere else.
    Moved = 302,
}

/// One of several things.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum Choice {
    /// A part.
    Part(Part),
    /// A lid.
    Lid(Lid),
}

/// What grows on itself.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Tree {
    /// A part at each fork.
    pub part: Option<Part>,
    /// What grows on it.
    pub branches: Vec<Tree>,
    /// The left one.
    pub left: Option<Box<Tree>>,
}

/// What holds a tree.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Garden {
    /// The tree.
    pub tree: Option<Tree>,
}

/// A pair of something.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Pair<T> {
    /// One.
    pub one: Option<T>,
    /// The other.
    pub other: Option<T>,
}

/// All sorts of places.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Places {
    /// Must be there.
    #[field(required)]
    pub needed: Part,
    /// May be there.
    pub optional: Option<Part>,
    /// In a list.
    pub list: Vec<Part>,
    /// Under keys.
    pub map: BTreeMap<String, Part>,
    /// With a bound of its own.
    #[schemars(length(max = 3))]
    pub bounded: Vec<Lid>,
    /// A choice that may be none.
    pub choice: Option<Choice>,
    /// A choice with a rule of its own.
    #[schemars(extend("x-kubernetes-validations" = [{"rule": "true"}]))]
    pub ruled: Option<Choice>,
    /// A lid with a rule of its own.
    #[schemars(extend("x-kubernetes-validations" = [{"rule": "true"}]))]
    pub ruled_lid: Option<Lid>,
    /// Two at once.
    pub pair: Option<Pair<Lid>>,
    /// Inside itself.
    pub tree: Option<Tree>,
    /// Around what is inside itself.
    pub garden: Option<Garden>,
    /// And once more.
    pub second_garden: Option<Garden>,
    /// A number.
    pub code: Option<Code>,
    /// New.
    #[field(experimental)]
    pub grade: Option<Grade>,
    /// A span.
    pub after: Option<GepDuration>,
    /// Another span.
    pub every: Option<GoDuration>,
    /// A choice beside the others.
    #[field(embed)]
    pub beside: Option<Choice>,
}

/// A kind.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(group = "example.com", version = "v1", kind = "Thing", plural = "things", scope = Cluster, older(version = "v1beta1"))]
pub struct Thing {
    /// Name, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: Places,
}

/// Another kind.
#[derive(Clone, Debug, Default, PartialEq, Resource)]
#[resource(group = "example.com", version = "v1", kind = "Small", plural = "smalls", scope = Namespaced, experimental)]
pub struct Small {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Any text.
    pub text: Option<String>,
}

fn family() -> Family {
    Family::new("example").kind::<Thing>().kind::<Small>()
}

/// The schema with each reference replaced by what it means; a description beside it is the one that counts.
fn written_out(value: &Value, shared: &Map<String, Value>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| written_out(item, shared)).collect(),
        Value::Object(members) => {
            let mut all = Map::new();
            if let Some(Value::String(target)) = members.get("$ref") {
                let beside = members.keys().filter(|key| *key != "$ref");
                assert!(beside.clone().all(|key| key == "description"), "{value}");
                let meant = &shared[target.strip_prefix("#/$defs/").unwrap()];
                all.extend(written_out(meant, shared).as_object().unwrap().clone());
            }
            for (key, member) in members.iter().filter(|(key, _)| *key != "$ref") {
                all.insert(key.clone(), written_out(member, shared));
            }
            Value::Object(all)
        }
        other => other.clone(),
    }
}

#[test]
fn a_shared_schema_says_what_the_schema_without_references_says() {
    let family = family();
    let thing = family.version("example.com/v1", "Thing").unwrap();
    for channel in [Channel::Standard, Channel::Experimental] {
        let mut schema = thing.shared_schema(channel);
        let shared = schema.as_object_mut().unwrap().shift_remove("$defs");
        let shared = shared.unwrap().as_object().unwrap().clone();
        assert_eq!(
            written_out(&schema, &shared),
            thing.schema(channel),
            "{channel}"
        );
        let spec = &schema["properties"]["spec"];
        let spec = match spec.get("$ref").and_then(Value::as_str) {
            Some(target) => &shared[target.strip_prefix("#/$defs/").unwrap()],
            None => spec,
        };
        let properties = &spec["properties"];
        for place in [
            "/needed",
            "/optional",
            "/list/items",
            "/map/additionalProperties",
            "/bounded/items",
            "/pair",
        ] {
            let found = properties.pointer(place).unwrap();
            assert!(found.get("$ref").is_some(), "{place}: {found}");
        }
        // What says more than a description, and what is inside itself, is written out.
        for place in ["/tree", "/garden", "/ruled", "/ruledLid"] {
            let found = properties.pointer(place).unwrap();
            assert!(found.get("$ref").is_none(), "{place}: {found}");
        }
        assert!(!schema.to_string().contains("x-crd-"), "{schema}");
    }
    // A kind without parts has nothing to share.
    let small = family.version("example.com/v1", "Small").unwrap();
    let schema = small.shared_schema(Channel::Experimental);
    assert_eq!(schema.get("$defs"), None);
    assert_eq!(schema, small.schema(Channel::Experimental));
}

#[test]
fn a_definition_says_where_it_belongs_and_whether_it_was_changed() {
    let plain = Definition::of::<Thing>().in_channel(Channel::Standard);
    assert_eq!(
        (plain.group(), plain.kind(), plain.versions().len()),
        ("example.com", "Thing", 2)
    );
    assert!(!plain.is_changed());
    let frame = plain.to_json_without_schemas().unwrap();
    let members = ["group", "scope"].map(|member| frame["spec"][member].as_str().unwrap());
    assert_eq!(members, ["example.com", "Cluster"]);
    assert_eq!(frame["spec"]["versions"][0].get("schema"), None);
    assert_eq!(
        plain.shared_schema("v1beta1"),
        Some(plain.versions()[1].shared_schema(Channel::Standard))
    );
    assert_ne!(plain.shared_schema("v1"), Some(Value::Null));
    assert_eq!(plain.shared_schema("v2"), None);
    let said = plain.clone().annotation("a", "b").label("c", "d");
    let metadata = &said.to_json().unwrap()["metadata"];
    assert_eq!(
        metadata,
        &json!({"annotations": {"a": "b"}, "labels": {"c": "d"}, "name": "things.example.com"})
    );
    let changed = said.change(|crd| crd.spec.scope = "Namespaced".to_owned());
    assert!(changed.is_changed());
    assert_eq!(changed.to_json().unwrap()["spec"]["scope"], "Namespaced");
    assert_eq!(Channel::Experimental.to_string(), "experimental");

    let family = family();
    assert_eq!(family.name(), "example");
    let kinds = |channel| {
        let crds = family.crds(channel).into_iter();
        crds.map(|crd| crd.spec.names.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(Channel::Standard), ["Thing"]);
    assert_eq!(kinds(Channel::Experimental), ["Thing", "Small"]);
}

#[test]
fn parts_of_a_document_are_told_by_version() {
    let family = family();
    let version = family.version("example.com/v1", "Small").unwrap();
    let document = json!({"apiVersion": "example.com/v1", "kind": "Small", "metadata": {"name": "a"}, "text": "b"});
    let seeds = version.seeds(&document).unwrap();
    let paths: Vec<String> = seeds.iter().map(|(path, _)| path.to_string()).collect();
    assert!(paths.contains(&"text".to_owned()), "{paths:?}");
    assert!(
        seeds.iter().all(|(_, seed)| seed.contains("::")),
        "{seeds:?}"
    );
}

#[test]
fn schemas_of_what_kubernetes_has_everywhere() {
    let generator = &mut SchemaGenerator::default();
    let one = condition(generator).to_value();
    assert_eq!(
        one["required"],
        json!(["lastTransitionTime", "message", "reason", "status", "type"])
    );
    assert_eq!(
        one["properties"]["status"]["enum"],
        json!(["True", "False", "Unknown"])
    );
    let all = conditions(generator).to_value();
    assert_eq!(
        (&all["items"], &all["x-kubernetes-list-map-keys"]),
        (&one, &json!(["type"]))
    );
    let selector = label_selector(generator).to_value();
    let demand = &selector["properties"]["matchExpressions"]["items"];
    assert_eq!(demand["required"], json!(["key", "operator"]));
    assert_eq!(selector["x-kubernetes-map-type"], json!("atomic"));
    assert_eq!(
        int_or_string(generator).to_value(),
        json!({"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true})
    );
    assert_eq!(
        any_object(generator).to_value(),
        json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
    );
    assert_eq!(
        of_json("{\"type\": \"string\"}").to_value(),
        json!({"type": "string"})
    );
    // What is no schema is one that nobody can read, with the reason.
    for text in ["{", "5"] {
        let broken = of_json(text).to_value();
        assert!(
            broken["not"].as_str().unwrap().starts_with(text),
            "{broken}"
        );
    }
}

#[test]
fn sets_and_spans_are_written_as_a_server_takes_them() {
    assert_eq!(
        schema_for::<Code>().to_value(),
        json!({"type": "integer", "enum": [200, 302]})
    );
    let places = schema_for::<Places>().to_value();
    let properties = &places["properties"];
    assert_eq!(properties["every"]["type"], json!("string"));
    assert!(properties["after"]["pattern"].is_string(), "{properties}");
    assert_eq!(places["required"], json!(["needed"]));
    // What stands beside the union that is embedded stays; one member of the union at most is set.
    assert_eq!(
        places["oneOf"],
        json!([
            {"not": {"anyOf": [{"required": ["part"]}, {"required": ["lid"]}]}},
            {"required": ["part"]},
            {"required": ["lid"]},
        ])
    );
}

#[test]
fn what_one_channel_has_is_marked() {
    let schema = schema_for::<Lid>();
    let added = experimental(schema, json!({"maxProperties": 1})).to_value();
    assert_eq!(
        added.as_object().unwrap().values().next_back(),
        Some(&json!({"maxProperties": 1}))
    );
    let only = only_in(Channel::Experimental, json!({"rule": "true"}));
    assert!(only.to_string().contains("experimental"), "{only}");
}
