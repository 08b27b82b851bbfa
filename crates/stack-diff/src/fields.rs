//! Which fields of an object change, at which paths.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A field that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// Where: `spec.template.spec.containers[name=web].image`; items without names by their numbers, of the new side where they
    /// are there.
    pub path: String,
    /// What was there; absent for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is there now; absent for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// The members by which items of a list are the same, of which the first counts that every item has, each with another value.
/// `containerPort` and the like come after `name`, since ports may have none.
const NAMES: &[&str] = &[
    "name",
    "key",
    "mountPath",
    "devicePath",
    "containerPort",
    "port",
    "ip",
    "topologyKey",
    "type",
    "kind",
];

/// All changes from one value to another.
pub(crate) fn changes(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(&mut String::new(), old, new, &mut found);
    found
}

fn compare(path: &mut String, old: &Value, new: &Value, found: &mut Vec<FieldChange>) {
    if same(old, new) {
        return;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                within(path, &member(path, key), |path| {
                    match (before.get(key), after.get(key)) {
                        (Some(old), Some(new)) => compare(path, old, new, found),
                        (old, new) => found.push(FieldChange {
                            path: path.clone(),
                            old: old.cloned(),
                            new: new.cloned(),
                        }),
                    }
                });
            }
        }
        (Value::Array(before), Value::Array(after)) => lists(path, before, after, found),
        _ => found.push(FieldChange {
            path: path.clone(),
            old: Some(old.clone()),
            new: Some(new.clone()),
        }),
    }
}

/// Numbers are the same by their values: `1` and `1.0`.
fn same(old: &Value, new: &Value) -> bool {
    old == new
        || matches!((old, new), (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64())
}

fn lists(path: &mut String, before: &[Value], after: &[Value], found: &mut Vec<FieldChange>) {
    if let Some(name) = NAMES
        .iter()
        .find(|name| is_name(name, before) && is_name(name, after))
    {
        return named(path, name, before, after, found);
    }
    for operation in capture_diff_slices(Algorithm::Myers, &hashable(before), &hashable(after)) {
        let (olds, news) = match operation {
            DiffOp::Equal { .. } => continue,
            DiffOp::Delete {
                old_index, old_len, ..
            } => (old_index..old_index + old_len, 0..0),
            DiffOp::Insert {
                new_index, new_len, ..
            } => (0..0, new_index..new_index + new_len),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => (
                old_index..old_index + old_len,
                new_index..new_index + new_len,
            ),
        };
        let pairs = olds.len().min(news.len());
        let (first_old, first_new) = (olds.start, news.start);
        for at in 0..pairs {
            within(path, &format!("[{}]", first_new + at), |path| {
                compare(path, &before[first_old + at], &after[first_new + at], found);
            });
        }
        for at in olds.skip(pairs) {
            within(path, &format!("[{at}]"), |path| {
                found.push(FieldChange {
                    path: path.clone(),
                    old: Some(before[at].clone()),
                    new: None,
                });
            });
        }
        for at in news.skip(pairs) {
            within(path, &format!("[{at}]"), |path| {
                found.push(FieldChange {
                    path: path.clone(),
                    old: None,
                    new: Some(after[at].clone()),
                });
            });
        }
    }
}

/// What an item looks like as a text: values cannot be hashed.
fn hashable(items: &[Value]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

/// Whether every item has this member, each with another text or number. A list with other items has no names.
fn is_name(name: &str, items: &[Value]) -> bool {
    let mut seen = BTreeSet::new();
    items.iter().all(|item| match &item[name] {
        Value::String(text) => seen.insert(text.clone()),
        Value::Number(number) => seen.insert(number.to_string()),
        _ => false,
    })
}

fn named(
    path: &mut String,
    name: &str,
    before: &[Value],
    after: &[Value],
    found: &mut Vec<FieldChange>,
) {
    let names =
        |items: &[Value]| -> Vec<String> { items.iter().map(|item| plain(&item[name])).collect() };
    let (old_names, new_names) = (names(before), names(after));
    let olds: std::collections::BTreeMap<&String, &Value> = old_names.iter().zip(before).collect();
    let news: std::collections::BTreeMap<&String, &Value> = new_names.iter().zip(after).collect();
    let all = new_names
        .iter()
        .chain(old_names.iter().filter(|known| !news.contains_key(known)));
    for item in all {
        within(path, &format!("[{name}={item}]"), |path| {
            match (olds.get(item), news.get(item)) {
                (Some(old), Some(new)) => compare(path, old, new, found),
                (old, new) => found.push(FieldChange {
                    path: path.clone(),
                    old: old.map(|value| (*value).clone()),
                    new: new.map(|value| (*value).clone()),
                }),
            }
        });
    }
    // Some lists work from the top down: init containers, rules of a route.
    let kept =
        |names: &[String], others: &std::collections::BTreeMap<&String, &Value>| -> Vec<Value> {
            names
                .iter()
                .filter(|name| others.contains_key(name))
                .map(|name| Value::from(name.as_str()))
                .collect()
        };
    let (old_order, new_order) = (kept(&old_names, &news), kept(&new_names, &olds));
    if old_order != new_order {
        found.push(FieldChange {
            path: format!("{path} (order)"),
            old: Some(old_order.into()),
            new: Some(new_order.into()),
        });
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// How a member is written after what stands before it.
fn member(path: &str, key: &str) -> String {
    let is_plain = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'));
    match (is_plain, path.is_empty()) {
        (true, true) => key.to_owned(),
        (true, false) => format!(".{key}"),
        (false, _) => format!("[{}]", Value::from(key)),
    }
}

fn within(path: &mut String, step: &str, act: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(step);
    act(path);
    path.truncate(length);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn paths(old: Value, new: Value) -> Vec<String> {
        changes(&old, &new)
            .into_iter()
            .map(|change| change.path)
            .collect()
    }

    #[test]
    fn items_are_the_same_by_their_names() {
        let old = json!({"env": [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}]});
        let new = json!({"env": [{"name": "b", "value": "2"}, {"name": "a", "value": "1"}, {"name": "c"}]});
        assert_eq!(
            paths(old, new),
            ["env[name=b].value", "env[name=c]", "env (order)"]
        );
        let ports = |ports: &[u16]| -> Value {
            json!({"ports": ports.iter().map(|port| json!({"containerPort": port})).collect::<Vec<_>>()})
        };
        assert_eq!(
            paths(ports(&[80, 81]), ports(&[80])),
            ["ports[containerPort=81]"]
        );
    }

    #[test]
    fn items_without_names_are_matched_where_they_stay() {
        assert_eq!(
            paths(
                json!({"args": ["a", "b", "c"]}),
                json!({"args": ["a", "x", "b", "c"]})
            ),
            ["args[1]"]
        );
        let rules = |paths: &[&str]| -> Value {
            paths
                .iter()
                .map(|path| json!({"path": {"value": path}}))
                .collect()
        };
        assert_eq!(
            paths(rules(&["/", "/a"]), rules(&["/", "/b"])),
            ["[1].path.value"]
        );
    }

    #[test]
    fn keys_that_are_no_words_are_quoted() {
        let labels =
            |value: &str| json!({"metadata": {"labels": {"app.kubernetes.io/name": value}}});
        assert_eq!(
            paths(labels("a"), labels("b")),
            ["metadata.labels[\"app.kubernetes.io/name\"]"]
        );
    }

    #[test]
    fn nothing_changes_by_the_order_of_keys_or_the_writing_of_numbers() {
        assert!(changes(&json!({"a": 1, "b": 2}), &json!({"b": 2.0, "a": 1})).is_empty());
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            (0..3).prop_map(Value::from),
            "[a-c]".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map("name|[a-c]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn there_are_changes_exactly_where_values_differ(old in value(), new in value()) {
            prop_assert_eq!(changes(&old, &new).is_empty(), old == new);
            prop_assert!(changes(&old, &old).is_empty());
        }
    }
}
