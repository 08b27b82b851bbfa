//! From the values that others hold, and back.

use serde_json::{Number, Value as Json};

use super::{Map, Text, Value};

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.clone()),
            Json::String(text) => Self::String(text.into()),
            Json::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Json::Object(members) => {
                let members = members.iter();
                let members = members.map(|(key, value)| (key.into(), value.into()));
                Self::Object(Map::of_distinct(members.collect()))
            }
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        Self::from(&json)
    }
}

/// How many members a server may add to an object, as a rule: with room for them nothing is moved.
const ROOM: usize = 3;

impl From<&kube_value::Value> for Value {
    fn from(value: &kube_value::Value) -> Self {
        use kube_value::Value as Held;
        match value {
            Held::Null => Self::Null,
            Held::Bool(value) => Self::Bool(*value),
            Held::Number(number) => Self::Number(number.clone()),
            Held::String(text) => Self::String(text.into()),
            Held::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Held::Object(members) => {
                let mut made = Vec::with_capacity(members.len() + ROOM);
                made.extend(
                    members
                        .iter()
                        .map(|(key, value)| (key.into(), value.into())),
                );
                Self::Object(Map::of_distinct(made))
            }
        }
    }
}

impl Value {
    /// The value as everybody else has it.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => Json::Number(number.clone()),
            Self::String(text) => Json::String(text.as_str().to_owned()),
            Self::Array(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str().to_owned(), value.to_json()))
                    .collect(),
            ),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::String(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

macro_rules! numbers {
    ($($type:ty)*) => { $(
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self::Number(Number::from(number))
            }
        }
    )* };
}
numbers!(i32 i64 u16 u32 u64 usize);

impl From<Map> for Value {
    fn from(members: Map) -> Self {
        Self::Object(members)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    /// A list.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}
