//! Label selectors.

use serde_json::{Map, Value};

use super::rule::{Findings, items, map_of, str_of};
use crate::metadata;

/// Judges the syntax of a label selector.
pub(super) fn check(selector: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(labels) = map_of(selector, "matchLabels") {
        labels_map(labels, &format!("{path}.matchLabels"), findings);
    }
    for (at, requirement) in items(selector, "matchExpressions", path) {
        let count = items(requirement, "values", &at).len();
        findings.one_of(
            requirement,
            "operator",
            &at,
            &["In", "NotIn", "Exists", "DoesNotExist"],
        );
        match str_of(requirement, "operator") {
            Some("In" | "NotIn") if count == 0 => {
                findings.add(
                    format!("{at}.values"),
                    "is required where the operator is In or NotIn",
                );
            }
            Some("Exists" | "DoesNotExist") if count > 0 => {
                findings.add(
                    format!("{at}.values"),
                    "must be empty where the operator is Exists or DoesNotExist",
                );
            }
            _ => {}
        }
    }
}

/// Judges the keys and values of labels.
pub(super) fn labels_map(labels: &Map<String, Value>, path: &str, findings: &mut Findings<'_>) {
    metadata::check_label_map(labels, path, &mut |path, message| {
        findings.add(path, message)
    });
}

pub(super) fn is_empty(selector: &Value) -> bool {
    map_of(selector, "matchLabels").is_none_or(Map::is_empty)
        && items(selector, "matchExpressions", "").is_empty()
}

/// Whether labels are selected.
pub(super) fn matches(selector: &Value, labels: &Map<String, Value>) -> bool {
    let equal = map_of(selector, "matchLabels")
        .into_iter()
        .flatten()
        .all(|(key, value)| labels.get(key) == Some(value));
    equal
        && items(selector, "matchExpressions", "")
            .iter()
            .all(|(_, requirement)| {
                let found = labels.get(str_of(requirement, "key").unwrap_or_default());
                let listed = || {
                    let values = requirement.get("values").and_then(Value::as_array);
                    found.is_some_and(|found| values.is_some_and(|values| values.contains(found)))
                };
                match str_of(requirement, "operator") {
                    Some("In") => listed(),
                    Some("NotIn") => !listed(),
                    Some("Exists") => found.is_some(),
                    Some("DoesNotExist") => found.is_none(),
                    _ => true,
                }
            })
}
