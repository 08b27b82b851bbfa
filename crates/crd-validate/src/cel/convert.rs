//! From JSON to the values of CEL, typed by the schema.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::Value as Cel;
use kube_cel::cel::objects::{Key, Map};
use serde_json::Value;

use crate::schema::{Format, Schema, Types, base64_decode, parse_duration};

/// The value as a rule sees it: only what the schema declares.
pub(super) fn to_cel(value: &Value, schema: &Schema, root: bool) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(flag) => Cel::Bool(*flag),
        Value::Number(number) => {
            let float = number.as_f64().unwrap_or_default();
            if schema.types == Types::NUMBER {
                Cel::Float(float)
            } else {
                number.as_i64().map_or(Cel::Int(float as i64), Cel::Int)
            }
        }
        Value::String(text) => string(text, schema),
        Value::Array(items) => {
            let items = match &schema.items {
                Some(each) => items
                    .iter()
                    .map(|item| to_cel(item, each, each.embedded))
                    .collect(),
                None => Vec::new(),
            };
            Cel::List(Arc::new(items))
        }
        Value::Object(members) => {
            let mut map = HashMap::with_capacity(members.len());
            for (name, member) in members {
                let entry = if let Some(property) = schema.properties.get(name) {
                    match escape(name) {
                        Some(name) => (name, to_cel(member, property, property.embedded)),
                        None => continue,
                    }
                } else if root && name == "metadata" {
                    (name.clone(), names_only(member))
                } else if root && matches!(name.as_str(), "apiVersion" | "kind") {
                    (name.clone(), plain(member))
                } else if let Some(additional) = schema.additional.schema() {
                    (
                        name.clone(),
                        to_cel(member, additional, additional.embedded),
                    )
                } else {
                    continue;
                };
                map.insert(Key::String(Arc::new(entry.0)), entry.1);
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

fn key(name: &str) -> Key {
    Key::String(Arc::new(name.to_owned()))
}

fn plain(value: &Value) -> Cel {
    match value {
        Value::String(text) => Cel::String(Arc::new(text.clone())),
        _ => Cel::Null,
    }
}

/// Of the metadata, rules see the name and the prefix of a generated one.
fn names_only(metadata: &Value) -> Cel {
    let map = ["name", "generateName"]
        .into_iter()
        .filter_map(|name| Some((key(name), plain(metadata.get(name)?))))
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

const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The name of a field in a rule, or `None` where no rule can name it.
fn escape(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        let (text, width) = match character {
            '_' if rest.starts_with("__") => ("__underscores__", 2),
            '.' => ("__dot__", 1),
            '-' => ("__dash__", 1),
            '/' => ("__slash__", 1),
            c if c.is_ascii_alphanumeric() || c == '_' => (&rest[..1], 1),
            _ => return None,
        };
        out.push_str(text);
        rest = &rest[width..];
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn field_names_are_escaped_as_the_server_does() {
        for (name, expected) in [
            ("namespace", Some("__namespace__")),
            ("a-b", Some("a__dash__b")),
            ("a.b/c", Some("a__dot__b__slash__c")),
            ("a__b", Some("a__underscores__b")),
            ("a_b", Some("a_b")),
            ("1a", None),
            ("a$", None),
        ] {
            assert_eq!(escape(name).as_deref(), expected, "{name}");
        }
    }
}
