//! The fields by which objects can be selected.

use std::collections::HashSet;

use serde_json::Value;

use super::super::faults::Faults;
use super::super::node::Node;

const MOST: usize = 8;

/// Each path leads to a field of the schema `root` that holds one plain value.
pub(super) fn check(list: &Node<'_, '_>, root: &Value, out: &mut Faults) {
    let mut seen = HashSet::new();
    for field in list.items() {
        let path = field.get("jsonPath");
        if path.is_empty() {
            out.required(path.path);
            continue;
        }
        let Some(names) = members(path.str()) else {
            let message = format!(
                "\"{}\" must be a path of fields, such as .spec.colour",
                path.str()
            );
            out.invalid(path.path, message);
            continue;
        };
        if names.first() == Some(&"metadata") {
            out.invalid(path.path, "must not lead into metadata");
            continue;
        }
        let found = names.iter().try_fold(root, |schema, name| {
            let named = schema.get("properties").and_then(|all| all.get(name));
            named.or_else(|| {
                schema
                    .get("additionalProperties")
                    .filter(|each| each.is_object())
            })
        });
        match found.map(|schema| schema.get("type").and_then(Value::as_str)) {
            None => out.invalid(
                path.path,
                format!("\"{}\" is no field of the schema", path.str()),
            ),
            Some(Some("string" | "boolean" | "integer")) => {}
            Some(_) => out.invalid(path.path, "must lead to a string, boolean or integer"),
        }
        if !seen.insert(names) {
            out.duplicate(path.path, path.str());
        }
    }
    if seen.len() > MOST {
        let message = format!("must have at most {MOST} items, has {}", seen.len());
        out.invalid(list.path, message);
    }
}

/// The names in a path such as `.spec.colour`; `None` where it is of another form.
fn members(path: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = path.strip_prefix('.')?.split('.').collect();
    let plain =
        |name: &&str| !name.is_empty() && !name.contains(['[', ']', '\'', '"', '*', '?', '(', ')']);
    names.iter().all(plain).then_some(names)
}
