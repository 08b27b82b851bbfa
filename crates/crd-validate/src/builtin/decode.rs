//! From JSON to the fields of a type, as a server reads it: strict about fields and types, lenient about null. The value is
//! changed where it stands.

use kube_vocab::{Path, Quantity};
use serde_json::Number;

use crate::value::{Map, Value};

use super::catalog::{Catalog, Presence, Shape, TypeId};
use crate::fault::{Fault, Source};
use crate::format::Format;
use crate::metadata;
use crate::version::KubernetesVersion;

/// What is wrong with a document for a server that reads it.
pub(super) struct Decoded {
    /// Values of the wrong type: the server reads no further.
    pub(super) malformed: Vec<Fault>,
    /// Fields that the type does not have.
    pub(super) unknown: Vec<Fault>,
}

/// Reads an object of the type `root`: what is left are the fields that the type has, without nulls.
pub(super) fn decode(object: &mut Map, root: TypeId, version: KubernetesVersion) -> Decoded {
    let mut decoder = Decoder {
        catalog: Catalog::get(),
        version,
        malformed: Vec::new(),
        unknown: Vec::new(),
        strict: true,
    };
    decoder.members(object, root, &Path::ROOT);
    Decoded {
        malformed: decoder.malformed,
        unknown: decoder.unknown,
    }
}

struct Decoder {
    catalog: &'static Catalog,
    version: KubernetesVersion,
    malformed: Vec<Fault>,
    unknown: Vec<Fault>,
    /// Whether unknown fields are noticed: not in the parts of a schema that a server reads by a function of their own.
    strict: bool,
}

impl Decoder {
    fn wrong(&mut self, path: &Path<'_>, expected: &str, found: &mut Value) {
        let text = expected == "a string";
        let found = match found.take() {
            Value::Null => "null".to_owned(),
            scalar @ (Value::Bool(_) | Value::Number(_)) if text => format!("{scalar}; quote it"),
            scalar @ (Value::Bool(_) | Value::Number(_)) => scalar.to_string(),
            Value::String(text) if text.len() <= 60 => {
                format!("the string {}", Value::String(text))
            }
            Value::String(_) => "a string".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        };
        let message = format!("must be {expected}, not {found}");
        self.malformed
            .push(Fault::blocking(Source::Schema, *path, message));
    }

    /// A value that is not null. What cannot be read becomes null.
    fn value(&mut self, value: &mut Value, shape: &Shape, path: &Path<'_>) {
        match (shape, &mut *value) {
            (Shape::String, Value::String(_))
            | (Shape::Bool, Value::Bool(_))
            | (Shape::Float, Value::Number(_))
            | (Shape::Raw, _)
            | (Shape::SchemaOrBool, Value::Bool(_))
            | (Shape::IntOrString, Value::String(_))
            | (Shape::SchemaOrNames, Value::Array(_)) => {}
            (Shape::Int32 | Shape::IntOrString, Value::Number(number))
                if fits(number, i32::MIN.into(), i32::MAX.into()) => {}
            (Shape::Int64, Value::Number(number)) if number.is_i64() => {}
            (Shape::Quantity, Value::String(text)) if is_quantity(text.trim()) => {}
            (Shape::Quantity, Value::Number(number)) if is_quantity(&number.to_string()) => {}
            (Shape::Bytes, Value::String(text)) if Format::GoBytes.accepts(text) => {}
            (Shape::Time, Value::String(text)) if metadata::is_time(text) => {}
            (Shape::MicroTime, Value::String(text)) if is_micro_time(text) => {}
            (Shape::Duration, Value::String(text))
                if kube_vocab::duration::parse_go(text).is_ok() => {}
            (Shape::List(item), Value::Array(items)) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.filled(value, item, &path.index(index));
                }
            }
            (Shape::Map(each), Value::Object(members)) => {
                for (name, member) in members.iter_mut() {
                    self.filled(member, each, &path.key(name));
                }
            }
            (Shape::Struct(id), Value::Object(members)) => self.members(members, *id, path),
            (
                Shape::SchemaOrNames | Shape::SchemaOrList | Shape::SchemaOrBool,
                Value::Object(_),
            ) => self.schema(value, path),
            (Shape::SchemaOrList, Value::Array(items)) => {
                for item in items {
                    self.schema(item, path);
                }
            }
            _ => self.wrong(path, expected(shape), value),
        }
    }

    /// A value of a list or a map, where null stands for nothing of its shape.
    fn filled(&mut self, value: &mut Value, shape: &Shape, path: &Path<'_>) {
        match value {
            Value::Null => *value = zero(shape),
            value => self.value(value, shape, path),
        }
    }

    fn members(&mut self, members: &mut Map, id: TypeId, path: &Path<'_>) {
        let kind = self.catalog.of(id);
        members.retain(|name, member| {
            let at = path.field(name);
            match kind.field(name, self.version) {
                Some(_) if member.is_null() => false,
                Some(field) => {
                    self.value(member, &field.shape, &at);
                    field.presence != Presence::Dropped
                }
                None => {
                    if self.strict {
                        let known = kind.fields(self.version).map(|field| field.name);
                        let message = unknown(known, name);
                        self.unknown.push(Fault::new(Source::Schema, at, message));
                    }
                    false
                }
            }
        });
    }

    /// A schema inside a schema that the server reads by a function of its own, which says nothing of unknown fields.
    fn schema(&mut self, value: &mut Value, path: &Path<'_>) {
        let (Value::Object(members), Some(id)) = (&mut *value, self.catalog.schema()) else {
            return self.wrong(path, "a schema", value);
        };
        let strict = std::mem::replace(&mut self.strict, false);
        self.members(members, id, path);
        self.strict = strict;
    }
}

fn fits(number: &Number, least: i64, most: i64) -> bool {
    number
        .as_i64()
        .is_some_and(|number| (least..=most).contains(&number))
}

fn is_quantity(text: &str) -> bool {
    text.parse::<Quantity>().is_ok()
}

/// As a time, but with exactly six digits of a second.
fn is_micro_time(text: &str) -> bool {
    let fraction = text.split_once(['.', ',']).map(|(_, rest)| rest);
    let digits = fraction.map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    digits == Some(6) && metadata::is_time(text)
}

/// What null stands for in a list or a map.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::String | Shape::Bytes => "".into(),
        Shape::Bool => false.into(),
        Shape::Int32 | Shape::Int64 | Shape::Float | Shape::IntOrString => 0.into(),
        Shape::Quantity => "0".into(),
        Shape::Struct(_) => Value::Object(Map::new()),
        _ => Value::Null,
    }
}

fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::String => "a string",
        Shape::Bool => "true or false",
        Shape::Int32 => "an integer of 32 bits, written without a point",
        Shape::Int64 => "an integer, written without a point",
        Shape::Float => "a number",
        Shape::Bytes => "base64",
        Shape::Quantity => "a quantity such as 500m, 2, 1.5Gi or 1e3",
        Shape::IntOrString => "an integer or a string",
        Shape::Time => "a time such as 2006-01-02T15:04:05Z",
        Shape::MicroTime => "a time with microseconds, such as 2006-01-02T15:04:05.000000Z",
        Shape::Duration => "a duration such as 1h30m",
        Shape::Raw => "any value",
        Shape::SchemaOrBool => "a schema, true or false",
        Shape::SchemaOrList => "a schema or a list of schemas",
        Shape::SchemaOrNames => "a schema or a list of names",
        Shape::List(_) => "a list",
        Shape::Map(_) | Shape::Struct(_) => "an object",
    }
}

/// What is said of an unknown field: the field that is meant, where one is near.
fn unknown<'n>(known: impl Iterator<Item = &'n str>, name: &str) -> String {
    match super::spelling::nearest(known, name) {
        Some(near) => format!("unknown field; did you mean \"{near}\"?"),
        None => "unknown field".to_owned(),
    }
}
