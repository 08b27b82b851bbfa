//! From JSON to the values of CEL, typed by the schema.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::value::{Text, Value};
use kube_cel::cel::Value as Cel;
use kube_cel::cel::objects::{Key, Map};

use crate::cel::names::escape;
use crate::cel::unfit::{integer, is_unfit};
use crate::format::{Format, Types, base64_decode, parse_duration};
use crate::schema::{ListType, Schema};

/// The value as a rule sees it: only what the schema declares. A member that [`is_unfit`] is left out, and its
/// name is noted; that of a list with such an item is noted with `[]`.
pub(super) fn to_cel(
    value: &Value,
    schema: &Schema,
    root: bool,
    unfit: &mut BTreeSet<String>,
) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(flag) => Cel::Bool(*flag),
        Value::Number(number) => match integer(number) {
            Some(integer) if schema.types != Types::NUMBER => Cel::Int(integer),
            _ => Cel::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => string(text, schema),
        Value::Array(items) => {
            let items = match &schema.items {
                Some(each) => items
                    .iter()
                    .map(|item| match is_unfit(item, each) {
                        true => Cel::Null,
                        false => to_cel(item, each, each.embedded, unfit),
                    })
                    .collect(),
                None => Vec::new(),
            };
            Cel::List(Arc::new(items))
        }
        Value::Object(members) => {
            let mut map = HashMap::with_capacity(members.len());
            for (name, member) in members {
                let (escaped, member_schema) = match schema.properties.get(name.as_str()) {
                    // A rule does not see that a member is null.
                    Some(property) if member.is_null() && property.nullable => continue,
                    Some(property) => match escape(name) {
                        Some(name) => (name, &**property),
                        None => continue,
                    },
                    None if root && is_meta(name) => {
                        let value = match name.as_str() {
                            "metadata" => names_only(member),
                            _ => plain(member),
                        };
                        map.insert(key(name), value);
                        continue;
                    }
                    None => match schema.additional.schema() {
                        Some(additional) => (name.as_str().to_owned(), additional),
                        None => continue,
                    },
                };
                if is_unfit(member, member_schema) {
                    unfit.insert(escaped);
                    continue;
                }
                if has_unfit_item(member, member_schema) {
                    unfit.insert(format!("{escaped}[]"));
                }
                let value = to_cel(member, member_schema, member_schema.embedded, unfit);
                map.insert(Key::String(Arc::new(escaped)), value);
            }
            if root && let Some(metadata) = members.get("metadata") {
                let declared = schema
                    .properties
                    .get("metadata")
                    .is_some_and(|metadata| !metadata.properties.is_empty());
                if !declared {
                    map.insert(key("metadata"), names_only(metadata));
                }
            }
            Cel::Map(Map { map: Arc::new(map) })
        }
    }
}

/// The value with something that fits in place of each member that is unfit.
pub(super) fn mended(value: &Value, schema: &Schema) -> Value {
    if is_unfit(value, schema) {
        let types = schema.types;
        return match () {
            () if types.has(Types::INTEGER.union(Types::NUMBER)) => 0.into(),
            () if types.has(Types::STRING) => "".into(),
            () if types.has(Types::BOOLEAN) => false.into(),
            () if types.has(Types::ARRAY) => Value::Array(Vec::new()),
            () => Value::Object(crate::value::Map::new()),
        };
    }
    match value {
        Value::Object(members) => {
            let member = |(name, member): (&Text, &Value)| {
                let value = match schema.member(name) {
                    Some(schema) => mended(member, schema),
                    None => member.clone(),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => match &schema.items {
            Some(each) => items.iter().map(|item| mended(item, each)).collect(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Whether one item of a list is unfit.
pub(super) fn has_unfit_item(value: &Value, schema: &Schema) -> bool {
    match (value, &schema.items) {
        (Value::Array(items), Some(each)) => items.iter().any(|item| is_unfit(item, each)),
        _ => false,
    }
}

/// The old value with its sets and map lists in the order of the new one, because to a rule their order says nothing.
pub(super) fn in_order_of(old: &Value, new: &Value, schema: &Schema) -> Value {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) if schema.has_keyed_lists => {
            let member = |(name, old): (&Text, &Value)| {
                let value = match (new.get(name), schema.member(name)) {
                    (Some(new), Some(schema)) => in_order_of(old, new, schema),
                    _ => old.clone(),
                };
                (name.clone(), value)
            };
            Value::Object(old.iter().map(member).collect())
        }
        (Value::Array(old), Value::Array(new)) if schema.list_type != ListType::Atomic => {
            let mut rest: Vec<&Value> = old.iter().collect();
            let mut out = Vec::with_capacity(old.len());
            for new in new {
                if let Some(index) = rest.iter().position(|old| is_same_item(old, new, schema)) {
                    let old = rest.remove(index);
                    out.push(match &schema.items {
                        Some(each) => in_order_of(old, new, each),
                        None => old.clone(),
                    });
                }
            }
            out.extend(rest.into_iter().cloned());
            Value::Array(out)
        }
        _ => old.clone(),
    }
}

fn is_same_item(old: &Value, new: &Value, schema: &Schema) -> bool {
    match &schema.list_type {
        ListType::Map(keys) => keys.iter().all(|key| old.get(key) == new.get(key)),
        _ => old == new,
    }
}

fn is_meta(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

fn key(name: &str) -> Key {
    Key::String(Arc::new(name.to_owned()))
}

fn plain(value: &Value) -> Cel {
    match value {
        Value::String(text) => Cel::String(Arc::new(text.as_str().to_owned())),
        _ => Cel::Null,
    }
}

/// Of the metadata, rules see the name and the prefix of a generated one.
fn names_only(metadata: &Value) -> Cel {
    let map = ["name", "generateName"]
        .into_iter()
        .filter_map(|name| Some((key(name), metadata.get(name)?)))
        .filter(|(_, value)| value.as_str().is_some_and(|text| !text.is_empty()))
        .map(|(name, value)| (name, plain(value)))
        .collect();
    Cel::Map(Map { map: Arc::new(map) })
}

fn string(text: &str, schema: &Schema) -> Cel {
    let converted = match schema.format {
        Some(Format::Duration) => parse_duration(text)
            .map(|nanoseconds| Cel::Duration(chrono::Duration::nanoseconds(nanoseconds))),
        Some(Format::DateTime) => chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(Cel::Timestamp),
        Some(Format::Date) => chrono::DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z"))
            .ok()
            .map(Cel::Timestamp),
        Some(Format::Byte) => base64_decode(text).map(|bytes| Cel::Bytes(Arc::new(bytes))),
        _ => None,
    };
    converted.unwrap_or_else(|| Cel::String(Arc::new(text.to_owned())))
}
