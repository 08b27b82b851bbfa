//! Which part of an old object belongs to which part of the new one, and whether an update left it as it was.

use crate::value::Value;

use super::{ListType, Schema};

/// The item of a map list that has the same keys as `item`, each of them there and a scalar.
pub(crate) fn old_item<'a>(
    schema: &Schema,
    item: &Value,
    old: Option<&'a Value>,
) -> Option<&'a Value> {
    let ListType::Map(keys) = &schema.list_type else {
        return None;
    };
    let is_key = |value: &&Value| !(value.is_null() || value.is_array() || value.is_object());
    let same = |old: &&Value| {
        keys.iter().all(|key| {
            let wanted = item.get(key).filter(is_key);
            wanted.is_some() && old.get(key) == wanted
        })
    };
    old?.as_array()?.iter().find(same)
}

/// Whether the server holds a value for unchanged, so that it forgives its faults. The order of a map list does not matter.
/// A member that no schema describes always counts as changed.
pub(crate) fn is_unchanged(new: &Value, old: &Value, schema: &Schema) -> bool {
    match (new, old) {
        (Value::Array(items), Value::Array(before)) => {
            items.len() == before.len()
                && match (&schema.list_type, &schema.items) {
                    (ListType::Map(_), Some(each)) => items.iter().all(|item| {
                        old_item(schema, item, Some(old))
                            .is_some_and(|before| is_unchanged(item, before, each))
                    }),
                    _ => items == before,
                }
        }
        (Value::Object(members), Value::Object(before)) => {
            members.len() == before.len()
                && members.iter().all(|(name, member)| {
                    matches!(
                        (before.get(name), schema.member(name)),
                        (Some(before), Some(schema)) if is_unchanged(member, before, schema)
                    )
                })
        }
        _ => new == old,
    }
}
