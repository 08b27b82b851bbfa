//! JSON files: one object, or several behind each other.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::SyntaxError;

/// An object of the file.
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
    pub(super) content: Result<Value, SyntaxError>,
    /// It is JSON beyond doubt, and what is wrong with it would be wrong in YAML as well, or worse: unnoticed.
    pub(super) is_json: bool,
}

/// Parses the objects of a text. An error ends it.
pub(super) fn parse(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut line) = (text, 1);
    loop {
        let trimmed = rest.trim_start();
        if trimmed.is_empty() {
            return parts;
        }
        line += lines_in(&rest[..rest.len() - trimmed.len()]);
        let mut stream = serde_json::Deserializer::from_str(trimmed).into_iter::<Unique>();
        let (content, is_json) = match stream.next() {
            None => return parts,
            Some(Ok(Unique(value))) => (Ok(value), true),
            Some(Err(error)) => {
                let (message, is_json) = reason(&error);
                let line = line + error.line().max(1) - 1;
                (Err(SyntaxError { line, message }), is_json)
            }
        };
        let failed = content.is_err();
        let end = if failed {
            trimmed.len()
        } else {
            stream.byte_offset()
        };
        let text = &trimmed[..end];
        parts.push(Part {
            text,
            line,
            content,
            is_json,
        });
        if failed {
            return parts;
        }
        line += lines_in(text);
        rest = &trimmed[end..];
    }
}

fn lines_in(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// The message without the position, which is told apart; and whether no other way of reading can help.
fn reason(error: &serde_json::Error) -> (String, bool) {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    if error.is_data() {
        (text.to_owned(), true)
    } else if text == "number out of range" {
        ("a number is too large for JSON".to_owned(), true)
    } else {
        (format!("not JSON: {text}"), false)
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
