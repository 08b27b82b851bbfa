//! The value says what `serde_json`'s says.

use kube_value::{Map, Text, Value, fingerprint};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e9..1e9_f64).prop_map(Json::from),
        "[a-c~/0-9]{0,3}".prop_map(Json::from),
        ".{60,70}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 128, 24, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::vec(("[a-e~/0-3]{0,2}", inner), 0..40)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_comes_back_as_it_was(json in json()) {
        let value = Value::from(&json);
        prop_assert_eq!(&value, &Value::from(json.clone()));
        prop_assert_eq!(value.to_json(), json.clone());
        // In the same order.
        prop_assert_eq!(value.to_string(), json.to_string());
        prop_assert_eq!(serde_json::to_string(&value).unwrap(), json.to_string());
        prop_assert_eq!(value.read::<Json>().unwrap(), json);
    }

    #[test]
    fn everything_is_found_where_serde_json_finds_it(json in json(), pointer in "(/[a-e~0-3]{0,2}){0,3}", key in "[a-e~/0-3]{0,2}") {
        let value = Value::from(&json);
        prop_assert_eq!(value.pointer(&pointer).map(Value::to_json), json.pointer(&pointer).cloned());
        prop_assert_eq!(value.get(&key).map(Value::to_json), json.get(&key).cloned());
        prop_assert_eq!(value.get(1).map(Value::to_json), json.get(1).cloned());
        prop_assert_eq!(value[key.as_str()].to_json(), json.get(&key).cloned().unwrap_or_default());
        if let (Some(members), Some(expected)) = (value.as_object(), json.as_object()) {
            prop_assert!(members.keys().map(|key| key.as_str()).eq(expected.keys()));
            prop_assert!(expected.iter().all(|(key, value)| members.get(key).map(Value::to_json).as_ref() == Some(value)));
            prop_assert_eq!(members.len(), expected.len());
        }
    }

    #[test]
    fn order_does_not_matter_for_equality(members in prop::collection::vec(("[a-z]{1,2}", 0..3_u64), 0..40)) {
        let one: Map = members.iter().map(|(key, value)| (key, *value)).collect();
        let mut distinct: Vec<(String, Value)> =
            one.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        distinct.reverse();
        let other: Map = distinct.into_iter().collect();
        prop_assert_eq!(&one, &other);
        let expected: serde_json::Map<String, Json> =
            members.into_iter().map(|(key, value)| (key, value.into())).collect();
        prop_assert_eq!(Value::Object(one).to_string(), Json::Object(expected).to_string());
    }
}

/// The same, made so that equal parts share their memory.
fn shared(json: &Json) -> Value {
    match json {
        Json::Array(items) => Value::shared_list(&mut items.iter().map(shared).collect(), 0),
        Json::Object(members) => {
            let members = members.iter();
            let mut members = members
                .map(|(key, value)| (Text::from(key), shared(value)))
                .collect();
            Value::Object(Map::shared(&mut members, 0))
        }
        leaf => leaf.into(),
    }
}

proptest! {
    #[test]
    fn what_is_shared_is_the_same(all in prop::collection::vec(json(), 1..4)) {
        for json in all.iter().chain(&all) {
            prop_assert_eq!(shared(json).to_string(), json.to_string());
        }
    }
}

/// Whether equal parts of a value, and of two values, are one piece of memory.
fn are_equal_parts_shared() -> bool {
    let json = json!({"a": {"b": [1, "x", null]}, "c": [{"b": [1, "x", null]}]});
    let (one, other) = (shared(&json), shared(&json));
    let inner = |value: &Value| value["b"].as_array().unwrap().as_ptr();
    let outer = |value: &Value| value["c"].as_array().unwrap().as_ptr();
    inner(&one["a"]) == inner(&one["c"][0])
        && inner(&one["a"]) == inner(&other["a"])
        && outer(&one) == outer(&other)
}

#[test]
fn equal_parts_stand_in_memory_once() {
    // Parts are found by where their texts stand, so that now and then two want one place, and one of them is not found again.
    let tries = (0..32).map(|_| std::thread::spawn(are_equal_parts_shared).join().unwrap());
    assert!(tries.filter(|shared| *shared).count() > 24);
    // What has a long text in it is not looked for.
    let long = json!(["x".repeat(100)]);
    let [one, other] = [shared(&long), shared(&long)].map(|list| list.as_array().unwrap().as_ptr());
    assert_ne!(one, other);
}

#[test]
fn what_looks_alike_and_is_not_is_kept_apart() {
    for [one, other] in [
        [json!([0.0]), json!([-0.0])],
        [json!([1]), json!([1.0])],
        [json!([2]), json!([false])],
        [json!([1]), json!([null])],
        [json!([]), json!({})],
        [json!({"a": 1}), json!({"b": 1})],
        [json!([u64::MAX]), json!([-1])],
    ] {
        let made = [shared(&one).to_string(), shared(&other).to_string()];
        assert_eq!(made, [one.to_string(), other.to_string()]);
    }
}

#[test]
fn a_member_is_added_or_replaced() {
    let value = Value::from(json!({"a": 1, "b": 2}));
    assert_eq!(
        value.clone().with("c", "x").to_string(),
        r#"{"a":1,"b":2,"c":"x"}"#
    );
    assert_eq!(value.with("a", true).to_string(), r#"{"a":true,"b":2}"#);
    assert_eq!(Value::from("x").with("a", true), "x");
}

#[test]
fn what_is_not_there_is_null() {
    let value = Value::from(json!({"a": [1]}));
    assert!(value["a"][1]["b"].is_null() && value["b"].is_null() && value[0].is_null());
    assert_eq!(value["a"][0], 1_i64);
}

#[test]
fn a_text_is_shared_with_one_whose_fingerprint_was_known() {
    let (one, other) = (
        Text::from("containerPort"),
        Text::with_fingerprint("containerPort", fingerprint("containerPort")),
    );
    assert_eq!(one.as_str().as_ptr(), other.as_str().as_ptr());
    assert_eq!(Text::with_fingerprint("containerPort", 0), one);
}
