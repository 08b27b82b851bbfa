//! Whatever the types can say survives being written and read strictly, for every kind in every
//! version. The values are made from the generated schemas, so that every field turns up.
#![cfg(feature = "schema")]

use crate::kinds;

use std::collections::BTreeMap;

use fidelity::losses;
use kinds::reread;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

#[test]
fn every_value_comes_back_as_it_was() {
    let mut versions = 0;
    for crd in gateway_api::crds(gateway_api::Channel::Experimental) {
        for version in &crd.spec.versions {
            let schema = version.schema.as_ref().unwrap();
            let schema = serde_json::to_value(schema.open_api_v3_schema.as_ref().unwrap()).unwrap();
            check(
                &schema,
                &format!("{}/{}", crd.spec.group, version.name),
                &crd.spec.names.kind,
            );
            versions += 1;
        }
    }
    assert!(versions >= 19, "{versions}");
}

fn check(schema: &Value, api_version: &str, kind: &str) {
    let mut runner = TestRunner::new(Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&of_schema(schema), |mut document| {
        document["apiVersion"] = json!(api_version);
        document["kind"] = json!(kind);
        document["metadata"] = json!({"name": "x", "labels": {"a": "b"}});
        let written = reread(&document)
            .ok_or_else(|| TestCaseError::fail("no such kind"))?
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let losses = losses(&document, &written);
        prop_assert!(losses.is_empty(), "{losses:?}");
        prop_assert_eq!(reread(&written), Some(Ok(written)));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{api_version} {kind}: {error}"));
}

fn of_schema(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(values) = schema["enum"].as_array() {
        return select(values.clone()).boxed();
    }
    match schema["type"].as_str() {
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => {
            let least = schema["minimum"].as_f64().unwrap_or(0.0) as i64;
            let most = schema["maximum"].as_f64().unwrap_or(65535.0) as i64;
            (least..=most).prop_map(Value::from).boxed()
        }
        Some("string") => text(schema),
        Some("array") => vec(of_schema(&schema["items"]), 0..3)
            .prop_map(Value::from)
            .boxed(),
        Some("object") if schema["properties"].is_object() => object(schema),
        Some("object") => btree_map(
            "\\PC{1,8}",
            of_schema(&schema["additionalProperties"]),
            0..3,
        )
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed(),
        other => panic!("a schema of type {other:?}: {schema}"),
    }
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date-time"), _) => Just(json!("2026-01-02T03:04:05Z")).boxed(),
        (_, Some(pattern)) if pattern == gateway_api::Duration::PATTERN => {
            "([0-9]{1,5}(h|m|s|ms)){1,4}".prop_map(Value::from).boxed()
        }
        _ => "\\PC{0,8}".prop_map(Value::from).boxed(),
    }
}

fn object(schema: &Value) -> BoxedStrategy<Value> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let arms = union_of(schema);
    let mut plain: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let of_union = arms
            .as_ref()
            .is_some_and(|(key, arms)| key == name || arms.values().any(|member| member == name));
        if of_union
            || ["apiVersion", "kind", "metadata"].contains(&name.as_str())
                && schema["properties"]["metadata"].is_object()
        {
            continue;
        }
        let needed = required.contains(&name.as_str());
        let name = name.clone();
        let value = of_schema(property);
        let value = match needed {
            true => value.prop_map(Some).boxed(),
            false => proptest::option::of(value).boxed(),
        };
        plain = (plain, value)
            .prop_map(move |(mut members, value)| {
                members.extend(value.map(|value| (name.clone(), value)));
                members
            })
            .boxed();
    }
    let Some((key, arms)) = arms else {
        return plain.prop_map(Value::Object).boxed();
    };
    let arm = arms.into_iter().map(|(tag, member)| {
        let value = of_schema(&schema["properties"][&member]);
        let key = key.clone();
        value
            .prop_map(move |value| json!({(&key): &tag, (&member): value}))
            .boxed()
    });
    (plain, proptest::strategy::Union::new(arm))
        .prop_map(|(mut members, arm)| {
            members.extend(arm.as_object().cloned().into_iter().flatten());
            Value::Object(members)
        })
        .boxed()
}

/// The discriminator of a union and its members by tag, from the rules that the schema has on it.
fn union_of(schema: &Value) -> Option<(String, BTreeMap<String, String>)> {
    let mut key = None;
    let mut arms = BTreeMap::new();
    for rule in schema["x-kubernetes-validations"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let found = rule["rule"]
            .as_str()
            .and_then(|rule| rule.strip_prefix("has(self."))
            .and_then(|rule| rule.split_once(") || self."))
            .and_then(|(member, rest)| {
                let (key, tag) = rest.split_once(" != '")?;
                Some((member, key, tag.strip_suffix('\'')?))
            });
        if let Some((member, tag_key, tag)) = found
            && !tag_key.contains(['.', ' '])
            && !member.contains(['.', ' ', ')'])
        {
            key = Some(tag_key.to_owned());
            arms.insert(tag.to_owned(), member.to_owned());
        }
    }
    Some((key?, arms))
}
