//! What writing an object must not lose.

use serde_json::Value;

/// Lists and maps of network policies that mean the same empty and absent. An empty one of any
/// other name must come back.
const MAY_BE_LEFT_OUT: &[&str] = &[
    "annotations",
    "conditions",
    "derivativePolicies",
    "except",
    "fields",
    "fromRequires",
    "headerMatches",
    "headers",
    "labels",
    "matchExpressions",
    "matchLabels",
    "securityGroupsIds",
    "securityGroupsNames",
    "toRequires",
    "values",
];

/// What was lost or changed on the way from `before` to `after`. A null counts as absent.
pub fn losses(before: &Value, after: &Value) -> Vec<String> {
    let is_policy = before["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("NetworkPolicy"));
    let mut found = Vec::new();
    compare(
        before,
        after,
        &|name| !is_policy || MAY_BE_LEFT_OUT.contains(&name),
        "",
        &mut found,
    );
    found
}

fn compare(
    before: &Value,
    after: &Value,
    may_be_left_out: &impl Fn(&str) -> bool,
    path: &str,
    failures: &mut Vec<String>,
) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                let is_empty = value.as_object().is_some_and(|map| map.is_empty())
                    || value.as_array().is_some_and(|list| list.is_empty());
                match after.get(key) {
                    Some(written) => compare(value, written, may_be_left_out, &path, failures),
                    None if value.is_null() => {}
                    None if is_empty && may_be_left_out(key) => {}
                    None => failures.push(format!("{path} is lost")),
                }
            }
            for key in after.keys().filter(|key| !before.contains_key(*key)) {
                failures.push(format!("{path}.{key} is new"));
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (position, (before, after)) in before.iter().zip(after).enumerate() {
                compare(
                    before,
                    after,
                    may_be_left_out,
                    &format!("{path}[{position}]"),
                    failures,
                );
            }
        }
        _ if before == after => {}
        _ => failures.push(format!("{path}: {before} became {after}")),
    }
}
