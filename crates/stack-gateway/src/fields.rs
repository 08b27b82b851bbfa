//! Reading members of JSON objects: what is malformed is absent.

use stack_model::Value;

/// The group of Gateway API.
pub(crate) const GROUP: &str = "gateway.networking.k8s.io";
/// The group of its experiments.
pub(crate) const X_GROUP: &str = "gateway.networking.x-k8s.io";

pub(crate) fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member)?.as_str()
}

pub(crate) fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

pub(crate) fn port(value: &Value, member: &str) -> Option<u16> {
    u16::try_from(value.get(member)?.as_u64()?).ok()
}

/// The member at a path of plain members.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path
        .split('.')
        .try_fold(value, |value, member| value.get(member))?;
    (!found.is_null()).then_some(found)
}
