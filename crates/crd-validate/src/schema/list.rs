//! Sets and map lists: no item twice.

use std::collections::HashMap;

use crate::value::{Map, Text, Value};

use super::{ListType, Schema};
use crate::fault::{Fault, Source};
use kube_vocab::Path;

/// A text that two values share exactly when the server holds them equal: the order of members does not matter.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&Text> = members.keys().collect();
            names.sort();
            let parts: Vec<String> = names
                .into_iter()
                .map(|name| {
                    let member = members.get(name).unwrap_or(&Value::Null);
                    format!("{}:{}", Value::from(name.as_str()), canonical(member))
                })
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    }
}

/// Reports the items of sets and map lists that repeat an earlier one.
pub(crate) fn check_lists(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
) {
    if !schema.has_keyed_lists {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(property) = schema.properties.get(name.as_str()) {
                    check_lists(member, property, &path.field(name), findings);
                } else if let Some(additional) = schema.additional.schema() {
                    check_lists(member, additional, &path.key(name), findings);
                }
            }
        }
        Value::Array(items) => {
            match &schema.list_type {
                ListType::Atomic => {}
                // One item repeats none.
                ListType::Set if items.len() < 2 => {}
                ListType::Set => report(items.iter().map(canonical), path, findings, |index| {
                    items.get(index).map(canonical).unwrap_or_default()
                }),
                ListType::Map(keys) => {
                    if !items.iter().all(|item| item.is_null() || item.is_object()) {
                        return;
                    }
                    if items.len() > 1 {
                        let key_of = |item: &Value| canonical(&Value::Object(key(item, keys)));
                        report(items.iter().map(key_of), path, findings, |index| {
                            items.get(index).map(key_of).unwrap_or_default()
                        });
                    }
                }
            }
            if let Some(each) = &schema.items {
                for (index, item) in items.iter().enumerate() {
                    check_lists(item, each, &path.index(index), findings);
                }
            }
        }
        _ => {}
    }
}

fn key(item: &Value, keys: &[String]) -> Map {
    keys.iter()
        .filter_map(|key| Some((key.clone(), item.get(key)?.clone())))
        .collect()
}

/// One finding per repeated value, at its second appearance.
fn report(
    values: impl Iterator<Item = String>,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
    text: impl Fn(usize) -> String,
) {
    let mut seen: HashMap<String, (usize, bool)> = HashMap::new();
    for (index, value) in values.enumerate() {
        match seen.get_mut(&value) {
            None => {
                seen.insert(value, (index, false));
            }
            Some((first, reported)) if !*reported => {
                *reported = true;
                let message = format!(
                    "duplicate of item {first}: {}; each may appear once",
                    text(index)
                );
                findings.push(Fault::new(Source::Schema, path.index(index), message));
            }
            Some(_) => {}
        }
    }
}
