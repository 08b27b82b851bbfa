//! JSON files: one object, or several behind each other.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::SyntaxError;

/// An object of the file.
pub(super) struct Part {
    pub(super) line: usize,
    pub(super) content: Result<Value, SyntaxError>,
}

/// Parses the objects of a text. An error ends it.
pub(super) fn parse(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        if trimmed.is_empty() {
            return parts;
        }
        let start = text.len() - trimmed.len();
        let line = line_at(text, start);
        let mut stream = serde_json::Deserializer::from_str(trimmed).into_iter::<Unique>();
        let content = match stream.next() {
            None => return parts,
            Some(Ok(Unique(value))) => Ok(value),
            Some(Err(error)) => Err(SyntaxError {
                line: line + error.line().max(1) - 1,
                message: reason(&error),
            }),
        };
        let end = stream.byte_offset();
        let failed = content.is_err();
        parts.push(Part { line, content });
        if failed {
            return parts;
        }
        rest = &trimmed[end..];
    }
}

fn line_at(text: &str, end: usize) -> usize {
    1 + text.as_bytes()[..end]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
}

/// The message without the position, which is told apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text).to_owned();
    if error.is_data() {
        text
    } else {
        format!("not JSON: {text}")
    }
}

/// A value in which no key appears twice.
struct Unique(Value);

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(0).deserialize(deserializer).map(Self)
    }
}

/// Reads a value that is nested this deep.
#[derive(Clone, Copy)]
struct Seed(usize);

impl Seed {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.0 >= super::MAX_DEPTH {
            return Err(E::custom(format!(
                "nested more than {} deep",
                super::MAX_DEPTH
            )));
        }
        Ok(Self(self.0 + 1))
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "the key \"{name}\" appears twice"
                )));
            }
            let value = access.next_value_seed(seed)?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}
