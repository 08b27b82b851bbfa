//! Reading members of JSON objects at paths: what is malformed is absent.

use stack_model::Value;

/// The value at a path such as `spec.tls`; `None` also for `null`.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path
        .split('.')
        .try_fold(value, |value, member| value.get(member))?;
    (!found.is_null()).then_some(found)
}

/// The value at a path with positions in lists: `spec.http[0].route[1].destination`.
pub(crate) fn at_position<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let pointer = path.replace(['.', '['], "/").replace(']', "");
    value.pointer(&format!("/{pointer}"))
}

/// The text at a path.
pub(crate) fn text<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    at(value, path)?.as_str()
}

/// The list at a path; empty where there is none.
pub(crate) fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    at(value, path)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

/// The texts in the list at a path.
pub(crate) fn texts<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v str> {
    list(value, path).iter().filter_map(Value::as_str)
}
