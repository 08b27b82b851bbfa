//! The committed definitions are what the types say today, and say what the whole schemas say.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{WHOLE, difference::difference};
use crd_core::crd::Definition;
use crd_families::{Channel, Registry, families, pack, packed};
use crd_validate::{UnknownFields, Verdict};
use serde_json::{Map, Value, json};

#[test]
fn the_committed_definitions_are_what_the_types_say() {
    let mut known = packed();
    for family in families() {
        let (name, definitions) = known.next().unwrap();
        assert_eq!(name, family.name());
        let made = pack(&family).unwrap();
        let mut lines = made.lines();
        let different = definitions.lines().find(|line| lines.next() != Some(line));
        assert_eq!(
            (different, lines.next()),
            (None, None),
            "{name}: `cargo run -p crd-families --example pack` writes the definitions anew"
        );
    }
    assert!(known.next().is_none());
}

/// What a judge reads of a schema: no words for people, and no marks that say nothing.
fn judged(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    let unread = ["allowEmptyValue", "description", "x-kubernetes-map-type"];
    let mut kept = Map::new();
    for (key, member) in members {
        if unread.contains(&key.as_str()) {
            continue;
        }
        let member = match (key.as_str(), member) {
            ("properties", Value::Object(named)) => {
                let named = named
                    .iter()
                    .map(|(name, schema)| (name.clone(), judged(schema)));
                Value::Object(named.collect())
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                branches.iter().map(judged).collect()
            }
            ("items" | "additionalProperties" | "not", schema) => judged(schema),
            ("x-kubernetes-validations", Value::Array(rules)) => rules
                .iter()
                .map(|rule| {
                    let mut rule = rule.clone();
                    rule.as_object_mut().unwrap().shift_remove("reason");
                    rule
                })
                .collect(),
            (_, member) => member.clone(),
        };
        kept.insert(key.clone(), member);
    }
    Value::Object(kept)
}

/// What a judge reads of a definition.
fn judged_of(definition: &Value) -> Value {
    let spec = &definition["spec"];
    let versions = spec["versions"].as_array().unwrap().iter().map(|version| {
        let kept = ["name", "served", "storage", "subresources"];
        let mut said: Map<String, Value> = kept
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), version.get(key)?.clone())))
            .collect();
        let schema = judged(&version["schema"]["openAPIV3Schema"]);
        said.insert("schema".to_owned(), json!({"openAPIV3Schema": schema}));
        (version["name"].to_string(), Value::Object(said))
    });
    json!({
        "group": spec["group"],
        "kind": spec["names"]["kind"],
        "scope": spec["scope"],
        "versions": versions.collect::<Map<_, _>>(),
    })
}

#[test]
fn the_data_says_what_the_whole_schemas_say() {
    let data: BTreeMap<_, _> = packed().collect();
    let mut compared = 0;
    for whole in WHOLE.iter() {
        let (name, channel) = (whole.family, whole.channel.as_str());
        let data = data[name];
        let kinds: BTreeSet<_> = data.kinds(channel).collect();
        let own: BTreeSet<_> = whole
            .definitions
            .iter()
            .map(|(own, _)| (own.group(), own.kind()))
            .collect();
        assert_eq!(kinds, own, "{name}");
        for (definition, whole) in &whole.definitions {
            let (group, kind) = (definition.group(), definition.kind());
            let ours = data.definition(channel, group, kind).unwrap().unwrap();
            let different = difference(kind, &judged_of(&ours), &judged_of(whole));
            assert_eq!(different, None, "{name}");
            compared += 1;
        }
    }
    let families: BTreeSet<_> = WHOLE.iter().map(|whole| whole.family).collect();
    assert!(data.keys().eq(&families));
    assert!(compared > 150, "{compared}");
}

/// A judge by the data says what one by the types says, of a document that touches each member of the schema once.
#[test]
fn a_judge_by_the_data_says_what_one_by_the_types_says() {
    let mut of_types = crd_validate::Registry::new();
    Registry::new().add_definitions(Channel::Standard, &mut of_types);
    let mut of_data = crd_validate::Registry::new();
    crd_families::add_definitions(Channel::Standard, &mut of_data);
    let (mut refused, mut judged) = (0, 0);
    let standard = WHOLE
        .iter()
        .filter(|whole| whole.channel == Channel::Standard);
    for (definition, crd) in standard.flat_map(|whole| &whole.definitions) {
        for document in documents(definition, crd) {
            let [theirs, ours] =
                [&of_types, &of_data].map(|judge| judge.judge(&document, UnknownFields::Refuse));
            assert_eq!(theirs, ours, "{document}");
            assert_ne!(
                ours.verdict,
                Verdict::Unknown,
                "{document}: {:?}",
                ours.report.notes
            );
            judged += 1;
            refused += usize::from(ours.verdict == Verdict::Rejected);
        }
    }
    assert!(judged > 200 && refused > 100, "{judged}, {refused}");
}

/// Documents of each version: with every member there is down to some depth, each of a wrong type at the end.
fn documents(definition: &Definition, crd: &Value) -> Vec<Value> {
    let written = crd["spec"]["versions"].as_array().unwrap();
    let versions = definition.versions().iter().zip(written);
    let served = versions.filter(|(version, _)| version.is_served(Channel::Standard));
    served
        .map(|(version, written)| {
            let mut document = filled(&written["schema"]["openAPIV3Schema"], 5);
            document["apiVersion"] = version.api_version().into();
            document["kind"] = version.info().kind.into();
            document["metadata"] = json!({"name": "a", "namespace": "b"});
            document
        })
        .collect()
}

fn filled(schema: &Value, depth: usize) -> Value {
    let Some(below) = depth.checked_sub(1) else {
        return json!(false);
    };
    if let Some(members) = schema["properties"].as_object() {
        let members = members.iter();
        return members
            .map(|(name, schema)| (name.clone(), filled(schema, below)))
            .collect();
    }
    if schema["items"].is_object() {
        return json!([
            filled(&schema["items"], below),
            filled(&schema["items"], below)
        ]);
    }
    match schema["type"].as_str() {
        Some("object") => json!({"a": filled(&schema["additionalProperties"], below)}),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => schema["enum"].get(0).cloned().unwrap_or_else(|| "a".into()),
    }
}
