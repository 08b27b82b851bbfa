//! Kyverno's patterns and expressions, each word of them at both sides of what it says.

use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::{Outcome, Policies};

/// Whether a ConfigMap whose `data` is this breaks a rule that validates so.
fn breaks(validate: &Value, data: &Value) -> bool {
    let mut validate = validate.clone();
    validate["message"] = "no".into();
    let policy = json!({
        "apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"validationFailureAction": "Enforce", "rules": [
            {"name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]}, "validate": validate},
        ]},
    });
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "demo"}, "data": data});
    let model = Model::read([policy, map]);
    let report = Policies::of(&model).judge(&model);
    let all_are_sure = report
        .verdicts
        .iter()
        .all(|one| one.outcome == Outcome::Broken);
    assert!(all_are_sure, "{validate} on {data}: {report:?}");
    report.broken().count() == 1
}

#[test]
fn values_fit_patterns_of_their_own_kind() {
    for (pattern, value, fits) in [
        (Value::Null, json!(false), true),
        (Value::Null, json!(true), false),
        (Value::Null, json!(0), true),
        (Value::Null, json!(1), false),
        (json!("!2"), json!(2), false),
        (json!("!2"), json!(3), true),
        (json!("8*"), json!(80), true),
        (json!("8*"), json!(70), false),
        (json!("5-a*"), json!("5-ab"), true),
        (json!("5-a*"), json!("6-ab"), false),
        (json!([["a"], ["b"]]), json!([["a"]]), false),
        (json!([["a"], ["b"]]), json!([["a"], ["b"]]), true),
        (json!([["a"], ["b"]]), json!([["a"], ["c"]]), false),
        (json!(["a*"]), json!(["a1", "a2"]), true),
        (json!(["a*"]), json!(["a1", "b2"]), false),
    ] {
        let broken = breaks(
            &json!({"pattern": {"data": {"x": pattern}}}),
            &json!({"x": value}),
        );
        assert_eq!(broken, !fits, "{pattern} on {value}");
    }
}

#[test]
fn wildcards_name_keys_of_labels_and_annotations_alone() {
    assert!(breaks(
        &json!({"pattern": {"data": {"ho*": "x"}}}),
        &json!({"host": "x"})
    ));
    assert!(!breaks(
        &json!({"pattern": {"data": {"host": "x"}}}),
        &json!({"host": "x"})
    ));
}

#[test]
fn an_item_that_a_condition_leaves_out_ends_nothing() {
    let pattern = json!({"pattern": {"data": {"a": [{"(name)": "one", "size": 1}], "b": 1}}});
    // The second is left out, the first fits, and what stands behind the list is asked for all the same.
    let items = json!([{"name": "one", "size": 1}, {"name": "two"}]);
    assert!(breaks(&pattern, &json!({"a": items, "b": 2})));
    assert!(!breaks(&pattern, &json!({"a": items, "b": 1})));
    assert!(breaks(
        &pattern,
        &json!({"a": [{"name": "one", "size": 2}], "b": 1})
    ));
}

#[test]
fn expressions_count_and_compare() {
    let denied = |key: &str, operator: &str, value: Value| {
        let conditions = json!({"any": [{"key": key, "operator": operator, "value": value}]});
        breaks(
            &json!({"deny": {"conditions": conditions}}),
            &json!({"n": "7"}),
        )
    };
    for (key, result) in [
        ("{{ subtract(`5`, `3`) }}", 2),
        ("{{ add(`5`, `3`) }}", 8),
        ("{{ multiply(`5`, `3`) }}", 15),
        ("{{ divide(`6`, `3`) }}", 2),
        ("{{ modulo(`7`, `4`) }}", 3),
    ] {
        assert!(denied(key, "Equals", json!(result)), "{key}");
        assert!(!denied(key, "Equals", json!(result + 1)), "{key}");
        assert!(denied(key, "NotEquals", json!(result + 1)), "{key}");
    }
    for (key, text) in [
        ("{{ replace('a-a-a', 'a', 'b', `-1`) }}", "b-b-b"),
        ("{{ replace('a-a-a', 'a', 'b', `1`) }}", "b-a-a"),
        ("{{ replace_all('a-a', 'a', 'b') }}", "b-b"),
    ] {
        assert!(denied(key, "Equals", json!(text)), "{key}");
    }
}

#[test]
fn conditions_are_blocks_of_any_and_all_or_a_plain_list() {
    let yes = json!({"key": "a", "operator": "Equals", "value": "a"});
    let no = json!({"key": "a", "operator": "Equals", "value": "b"});
    for (conditions, denied) in [
        (json!({"any": [yes, no]}), true),
        (json!({"any": [no, no]}), false),
        (json!({"all": [yes, no]}), false),
        (json!({"all": [yes, yes]}), true),
        (json!({"any": [yes], "all": [no]}), false),
        (json!([yes, yes]), true),
        (json!([yes, no]), false),
        (json!([{"any": [yes, no]}]), true),
        (json!([{"all": [yes, no]}]), false),
    ] {
        assert_eq!(
            breaks(&json!({"deny": {"conditions": conditions}}), &json!({})),
            denied,
            "{conditions}"
        );
    }
}
