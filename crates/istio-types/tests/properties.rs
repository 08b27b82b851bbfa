//! Whatever a schema allows is read, and survives being written and read again, for every kind in every version.
//!
//! The values are made from the generated schemas, so that every field of every type turns up.
#![cfg(all(
    feature = "extensions",
    feature = "networking",
    feature = "schema",
    feature = "security",
    feature = "telemetry"
))]

use crate::common;

use std::collections::BTreeSet;

use common::reread;
use fidelity::losses;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

#[test]
fn what_a_schema_allows_comes_back_as_it_was() {
    for crd in istio_types::crds() {
        for version in &crd.spec.versions {
            let schema = version.schema.as_ref().unwrap();
            let schema = serde_json::to_value(schema.open_api_v3_schema.as_ref().unwrap()).unwrap();
            let api_version = format!("{}/{}", crd.spec.group, version.name);
            check(&schema, &api_version, &crd.spec.names.kind);
        }
    }
}

fn check(schema: &Value, api_version: &str, kind: &str) {
    let mut runner = TestRunner::new(Config {
        cases: 100,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&of_schema(schema, ""), |mut document| {
        document["apiVersion"] = json!(api_version);
        document["kind"] = json!(kind);
        document["metadata"] = json!({"name": "x", "namespace": "y"});
        let written = reread(&document).map_err(TestCaseError::fail)?;
        let failures = losses(&document, &written);
        prop_assert!(failures.is_empty(), "{failures:?}");
        // What was written is a fixed point.
        prop_assert_eq!(reread(&written), Ok(written));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{api_version} {kind}: {error}"));
}

/// Values that a schema allows, CEL rules aside. The path is that in the document, without indexes.
fn of_schema(schema: &Value, path: &str) -> BoxedStrategy<Value> {
    if let Some(texts) = schema["enum"].as_array() {
        return select(texts.clone()).boxed();
    }
    if schema["x-kubernetes-int-or-string"] == json!(true) {
        return prop_oneof![
            any::<i32>().prop_map(Value::from),
            "[0-9]{1,5}".prop_map(Value::from)
        ]
        .boxed();
    }
    match schema["type"].as_str() {
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => integer(schema),
        Some("number") => number(schema),
        Some("string") => text(schema, path),
        Some("array") => vec(of_schema(&schema["items"], path), 0..3)
            .prop_map(Value::from)
            .boxed(),
        Some("object") if schema["properties"].is_object() => object(schema, path),
        Some("object") if schema["additionalProperties"].is_object() => map(schema, path),
        Some("object") => anything(),
        other => panic!("{path}: a schema of type {other:?}"),
    }
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minimum"].as_f64();
    let most = schema["maximum"].as_f64();
    if schema["format"] == "int32" {
        let least = least.map_or(i32::MIN, |least| least as i32);
        return (least..=i32::MAX).prop_map(Value::from).boxed();
    }
    let least = least.map_or(0, |least| least as u64);
    let most = most.map_or(u64::MAX, |most| most as u64);
    (least..=most).prop_map(Value::from).boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let most = schema["maximum"].as_f64().unwrap_or(1e9);
    prop_oneof![
        (0..=most as i64).prop_map(Value::from),
        (0.0..=most).prop_map(Value::from),
    ]
    .boxed()
}

fn text(schema: &Value, path: &str) -> BoxedStrategy<Value> {
    let rules = schema["x-kubernetes-validations"].to_string();
    let is_duration =
        rules.contains("duration(") || path.ends_with(".idleTimeout") || path.ends_with(".ttl");
    let least = schema["minLength"].as_u64().unwrap_or(0);
    match (
        is_duration,
        schema["pattern"].as_str(),
        schema["format"].as_str(),
    ) {
        (true, _, _) => "([0-9]{1,4}(\\.[0-9]{1,3})?(h|m|s|ms|us|ns)){1,3}"
            .prop_map(Value::from)
            .boxed(),
        (_, Some(pattern), _) if pattern.contains("64") => {
            "([a-f0-9]{64})?".prop_map(Value::from).boxed()
        }
        (_, Some(_), _) => "[a-zA-Z]{1,8}".prop_map(Value::from).boxed(),
        (_, _, Some("date-time")) => Just(json!("2026-01-02T03:04:05.678Z")).boxed(),
        _ if least > 0 => "\\PC{1,8}".prop_map(Value::from).boxed(),
        _ => "\\PC{0,8}".prop_map(Value::from).boxed(),
    }
}

fn map(schema: &Value, path: &str) -> BoxedStrategy<Value> {
    let keys = if path.ends_with(".portLevelMtls") {
        any::<u16>().prop_map(|port| port.to_string()).boxed()
    } else {
        "\\PC{1,8}".boxed()
    };
    btree_map(keys, of_schema(&schema["additionalProperties"], path), 0..3)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::Null),
    ];
    let value = leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map("\\PC{1,8}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    btree_map("\\PC{1,8}", value, 0..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed()
}

fn object(schema: &Value, path: &str) -> BoxedStrategy<Value> {
    let required: BTreeSet<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members: Vec<_> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| !path.is_empty() || matches!(name.as_str(), "spec" | "status"))
        .map(|(name, schema)| {
            let value = of_schema(schema, &format!("{path}.{name}"));
            let value = if required.contains(name.as_str()) {
                value.prop_map(Some).boxed()
            } else {
                prop_oneof![3 => Just(None), 2 => value.prop_map(Some)].boxed()
            };
            (Just(name.clone()), value)
        })
        .collect();
    let unions = unions(schema);
    (members, any::<usize>())
        .prop_map(move |(members, choice)| {
            let mut object: Map<String, Value> = members
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            for union in &unions {
                let set: Vec<&String> = union
                    .iter()
                    .filter(|name| object.contains_key(*name))
                    .collect();
                let kept = set
                    .get(choice % set.len().max(1))
                    .map(|name| name.to_string());
                object.retain(|name, _| !union.contains(name) || Some(name) == kept.as_ref());
            }
            Value::Object(object)
        })
        .boxed()
}

/// The members of each union of an object.
fn unions(schema: &Value) -> Vec<Vec<String>> {
    let inner = schema["allOf"].as_array().into_iter().flatten();
    std::iter::once(schema)
        .chain(inner)
        .filter_map(|schema| schema["oneOf"].as_array())
        .map(|arms| {
            arms.iter()
                .filter_map(|arm| arm["required"][0].as_str().map(str::to_owned))
                .collect()
        })
        // Two spellings of one field, which the schema does not know to exclude each other.
        .chain([vec![
            "mirrorPercent".to_owned(),
            "mirror_percent".to_owned(),
        ]])
        .collect()
}
