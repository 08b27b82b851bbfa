//! From `serde_json`'s values and back.

use serde::de::{DeserializeOwned, Error};
use serde_json::{Number, Value as Json};

use crate::reading::{self, Notes};
use crate::{Map, Text, Value};

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::String(text.into()),
            Json::Array(items) => items.into_iter().map(Self::from).collect(),
            Json::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(key, value)| (Text::from(key), Self::from(value)));
                Self::Object(Map::of_distinct(members))
            }
        }
    }
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.clone()),
            Json::String(text) => Self::String(text.into()),
            Json::Array(items) => items.iter().map(Self::from).collect(),
            Json::Object(members) => {
                let members = members.iter();
                let members = members.map(|(key, value)| (Text::from(key), Self::from(value)));
                Self::Object(Map::of_distinct(members))
            }
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

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(Number::from(value))
    }
}

impl FromIterator<Value> for Value {
    /// A list.
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    /// Of several members of one key the last value counts, in the place of the first.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter();
        Self::of(
            members
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl Value {
    /// The value as `serde_json` has it: to change it, or to hand it to somebody who wants one.
    pub fn to_json(&self) -> Json {
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

    /// The value as a type: one of a types crate, of k8s-openapi, or of one's own. As for an API server, a list is no struct.
    ///
    /// # Errors
    /// What the type says against the value.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        reading::read(self, &Notes::default())
            .map_err(|failure| serde_json::Error::custom(failure.message))
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        value.to_json()
    }
}
