//! What differs between the old and the new form of an object.

use crate::value::{Map, Text, Value};

use super::super::faults::Faults;
use super::super::node::Node;

/// Equality, where what is empty counts as absent.
pub(in super::super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let covered = |one: &Map, other: &Map| {
                one.iter()
                    .all(|(name, value)| same(value, other.get(name).unwrap_or(&Value::Null)))
            };
            covered(left, right) && covered(right, left)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (left, right) => left == right || (is_empty(left) && is_empty(right)),
    }
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) => false,
    }
}

pub(super) fn change(before: &Value, now: &Value) -> String {
    let plain = |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
    if plain(before) && plain(now) {
        format!(" from {before} to {now}")
    } else {
        String::new()
    }
}

pub(super) fn differing<'v>(
    now: &Node<'_, 'v>,
    before: &Node<'_, 'v>,
    free: &[&str],
) -> Vec<&'v str> {
    let (Some(new), Some(old)) = (now.map(), before.map()) else {
        return Vec::new();
    };
    let names = new
        .keys()
        .chain(old.keys().filter(|name| !new.contains_key(name)));
    names
        .map(Text::as_str)
        .filter(|name| !free.contains(name) && !same(now.at(&[name]), before.at(&[name])))
        .collect()
}

/// The server says of the whole that only some members may change.
pub(super) fn rest_is_fixed(
    now: &Node<'_, '_>,
    before: &Node<'_, '_>,
    free: &[&str],
    out: &mut Faults,
) {
    let changed = differing(now, before, free);
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; only {} may change",
            changed.join(", "),
            free.join(", ")
        );
        out.invalid(now.path, message);
    }
}
