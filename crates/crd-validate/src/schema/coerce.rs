//! What the server does to an object before it judges it: unknown members, nulls and defaults.

use crate::value::Value;

use super::Schema;
use kube_vocab::Path;

/// The members that every object has, which no schema needs to name.
fn is_meta(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

/// Removes the members that the schema does not know, and calls `unknown` with the path of each.
pub(crate) fn prune_unknown(
    value: &mut Value,
    schema: &Schema,
    path: &Path<'_>,
    unknown: &mut dyn FnMut(&Path<'_>),
) {
    let embedded = schema.embedded || path.is_root();
    match value {
        Value::Object(members) => {
            members.retain(|name, member| {
                if embedded && is_meta(name) {
                    return true;
                }
                let at = path.field(name);
                if let Some(property) = schema.properties.get(name.as_str()) {
                    prune_unknown(member, property, &at, unknown);
                    return true;
                }
                match &schema.additional {
                    super::Additional::Schema(additional) => {
                        prune_unknown(member, additional, &at, unknown);
                    }
                    super::Additional::Allowed(_) => {
                        prune_opaque(member, &at, unknown, schema.preserve_unknown);
                    }
                    super::Additional::Unsaid if schema.preserve_unknown => {}
                    super::Additional::Unsaid => {
                        unknown(&at);
                        return false;
                    }
                }
                true
            });
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let at = path.index(index);
                match &schema.items {
                    // Below a node that preserves unknown members, items preserve them too.
                    Some(each) if schema.preserve_unknown => {
                        prune_preserved(item, each, &at, unknown)
                    }
                    Some(each) => prune_unknown(item, each, &at, unknown),
                    None => prune_opaque(item, &at, unknown, schema.preserve_unknown),
                }
            }
        }
        _ => {}
    }
}

/// The items of a list that preserves unknown members: their named members are still held to their own schema.
fn prune_preserved(
    value: &mut Value,
    schema: &Schema,
    path: &Path<'_>,
    unknown: &mut dyn FnMut(&Path<'_>),
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if schema.embedded && is_meta(name) {
                    continue;
                }
                if let Some(property) = schema.member(name) {
                    prune_unknown(member, property, &path.field(name), unknown);
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &schema.items {
                for (index, item) in items.iter_mut().enumerate() {
                    prune_preserved(item, each, &path.index(index), unknown);
                }
            }
        }
        _ => {}
    }
}

/// A value of which the schema says nothing at all: every member of an object in it is unknown.
fn prune_opaque(
    value: &mut Value,
    path: &Path<'_>,
    unknown: &mut dyn FnMut(&Path<'_>),
    preserve: bool,
) {
    if preserve {
        return;
    }
    match value {
        Value::Object(members) => {
            for name in members.keys() {
                unknown(&path.field(name));
            }
            members.clear();
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                prune_opaque(item, &path.index(index), unknown, preserve);
            }
        }
        _ => {}
    }
}

/// Drops the nulls that a typed server would read as absent: those that are not nullable and have no default.
pub(crate) fn drop_nulls(value: &mut Value, schema: &Schema) {
    // Hardly an object has any.
    if has_null(value) {
        drop_nulls_within(value, schema);
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

fn drop_nulls_within(value: &mut Value, schema: &Schema) {
    match value {
        Value::Object(members) => {
            members.retain(|name, member| {
                !(member.is_null()
                    && schema
                        .member(name)
                        .is_some_and(|schema| !schema.nullable && schema.default.is_none()))
            });
            for (name, member) in members.iter_mut() {
                if let Some(schema) = schema.member(name) {
                    drop_nulls_within(member, schema);
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &schema.items {
                for item in items {
                    drop_nulls_within(item, each);
                }
            }
        }
        _ => {}
    }
}

/// Fills in the defaults of the members that are absent, or null where null is not allowed.
pub(crate) fn apply_defaults(value: &mut Value, schema: &Schema) {
    let replace = |value: &mut Value, schema: &Schema| {
        if value.is_null() && !schema.nullable {
            *value = schema.default.clone().unwrap_or(Value::Null);
        }
    };
    match value {
        Value::Object(members) => {
            // Most nodes give none.
            let properties = schema.gives_defaults.then_some(&schema.properties);
            for (name, property) in properties.into_iter().flatten() {
                // Most have none, and need not be compiled to know that.
                if !property.facts().default {
                    continue;
                }
                let Some(default) = &property.default else {
                    continue;
                };
                let absent = members
                    .get(name)
                    .is_none_or(|member| member.is_null() && !property.nullable);
                if absent {
                    members.insert(name, default.clone());
                }
            }
            for (name, member) in members.iter_mut() {
                if let Some(property) = schema.properties.get(name.as_str()) {
                    apply_defaults(member, property);
                } else if let Some(additional) = schema.additional.schema() {
                    replace(member, additional);
                    apply_defaults(member, additional);
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &schema.items {
                for item in items {
                    replace(item, each);
                    apply_defaults(item, each);
                }
            }
        }
        _ => {}
    }
}
