//! From the JSON of a packed text to a value that shares the text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::value::{Map, Text, Value};

/// Reads JSON. What has no escapes is not copied.
pub(super) fn value(text: &'static str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<Read>(text).map(|Read(value)| value)
}

struct Read(Value);

impl Deserialize<'static> for Read {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Json)
    }
}

/// The name of a member.
struct Key(Text);

impl Deserialize<'static> for Key {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(Json)? {
            Read(Value::String(text)) => Ok(Self(text)),
            _ => Ok(Self(Text::Own(""))),
        }
    }
}

struct Json;

impl Visitor<'static> for Json {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read(Value::Null))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Read, E> {
        Ok(Read(Value::Bool(flag)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Read, E> {
        Ok(Read(Value::Number(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Read, E> {
        Ok(Read(Value::Number(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Read, E> {
        let number = Number::from_f64(number);
        Ok(Read(number.map_or(Value::Null, Value::Number)))
    }

    fn visit_borrowed_str<E>(self, text: &'static str) -> Result<Read, E> {
        Ok(Read(Value::String(Text::Own(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Read, E> {
        Ok(Read(Value::String(text.into())))
    }

    fn visit_seq<A: SeqAccess<'static>>(self, mut items: A) -> Result<Read, A::Error> {
        let mut found = Vec::new();
        while let Some(Read(item)) = items.next_element()? {
            found.push(item);
        }
        Ok(Read(Value::Array(found)))
    }

    fn visit_map<A: MapAccess<'static>>(self, mut members: A) -> Result<Read, A::Error> {
        let mut found = Vec::new();
        while let Some((Key(key), Read(value))) = members.next_entry()? {
            found.push((key, value));
        }
        // The packer writes each key once.
        Ok(Read(Value::Object(Map::of_distinct(found))))
    }
}
