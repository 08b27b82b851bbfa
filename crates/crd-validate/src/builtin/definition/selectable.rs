//! The fields by which objects can be selected.

use std::collections::HashSet;

use crate::value::Value;

use super::super::faults::Faults;
use super::super::node::Node;
use super::field_path;

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
        let Some((names, found)) = field_path::find(path.str(), root, false) else {
            let message = format!(
                "\"{}\" must lead to a field, as .spec.colour does",
                path.str()
            );
            out.invalid(path.path, message);
            continue;
        };
        if names.first().is_some_and(|first| first == "metadata") {
            out.invalid(path.path, "must not lead into metadata");
        }
        let kind = found.get("type").and_then(Value::as_str);
        if !matches!(kind, Some("string" | "boolean" | "integer")) {
            out.invalid(path.path, "must lead to a string, boolean or integer");
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
