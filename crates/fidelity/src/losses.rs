//! What writing an object must not lose.

use crd_core::parse::strict;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What was lost, changed or added on the way from `before` to `after`, a line for each. A null counts as absent; an empty
/// list or object may be left out, but for the `matchLabels` of a selector.
#[must_use]
pub fn losses(before: &Value, after: &Value) -> Vec<String> {
    losses_but(before, after, |_, value| is_empty(value))
}

/// As [`losses`], but what may be left out, beside a null, is said by name and value.
#[must_use]
pub fn losses_but(
    before: &Value,
    after: &Value,
    may_be_left_out: impl Fn(&str, &Value) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, &may_be_left_out, "", &mut found);
    found
}

/// Whether the value is an empty list or object.
#[must_use]
pub fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

/// What says something even when it is empty: `matchLabels: {}` picks everything, where a selector that is absent may pick
/// nothing.
const KEPT: &str = "matchLabels";

/// Whether nothing is in the value: it is null, an empty list, or an object whose members are all hollow, and no selector.
#[must_use]
pub fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.contains_key(KEPT) && members.values().all(is_hollow),
        value => value.is_null() || is_empty(value),
    }
}

/// Reads a document strictly, writes it and compares; hollow values may be left out.
///
/// # Errors
/// Why the document was refused, or what is another.
pub fn round_trip<T: DeserializeOwned + Serialize>(document: &Value) -> Result<(), String> {
    let object: T = strict(document).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&object).map_err(|error| error.to_string())?;
    match losses_but(document, &written, |_, value| is_hollow(value)).as_slice() {
        [] => Ok(()),
        found => Err(found.join(", ")),
    }
}

fn compare(
    before: &Value,
    after: &Value,
    may_be_left_out: &impl Fn(&str, &Value) -> bool,
    path: &str,
    found: &mut Vec<String>,
) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(written) => compare(value, written, may_be_left_out, &path, found),
                    None if value.is_null() => {}
                    None if key != KEPT && may_be_left_out(key, value) => {}
                    None => found.push(format!("{path}: lost {value}")),
                }
            }
            for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                found.push(format!("{path}.{key}: invented {value}"));
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                let path = format!("{path}[{index}]");
                compare(before, after, may_be_left_out, &path, found);
            }
        }
        _ if before == after => {}
        _ => found.push(format!("{path}: {before} became {after}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_loss_is_named() {
        let before = json!({"a": 1, "b": {"c": [1, {"d": "x"}]}, "e": [], "n": null, "gone": true});
        let after = json!({"a": 1.0, "b": {"c": [1, {"d": "y"}]}, "new": 2});
        let expected = [
            ".a: 1 became 1.0",
            ".b.c[1].d: \"x\" became \"y\"",
            ".gone: lost true",
            ".new: invented 2",
        ];
        assert_eq!(losses(&before, &after), expected);
        let strict = losses_but(&before, &after, |_, _| false);
        assert!(strict.contains(&".e: lost []".to_owned()), "{strict:?}");
        assert_eq!(losses(&before, &before), [""; 0]);
        assert!(is_hollow(&json!({"a": {"b": [], "c": null}})));
        assert!(!is_hollow(&json!({"a": [{}]})));
        let selector = json!({"matchLabels": {}});
        assert!(!is_hollow(&selector));
        assert_eq!(losses(&selector, &json!({})), [".matchLabels: lost {}"]);
    }
}
