//! A value of either sort: `serde_json`'s, or ours.

use std::slice;

use serde::de::Unexpected;
use serde_json::{Number, Value as Json, map};

use crate::{Members as Held, Value};

/// A value to be read, of either sort.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Source<'v> {
    /// One of `serde_json`.
    Json(&'v Json),
    /// One of this crate.
    Held(&'v Value),
}

impl<'v> From<&'v Json> for Source<'v> {
    fn from(value: &'v Json) -> Self {
        Self::Json(value)
    }
}

impl<'v> From<&'v Value> for Source<'v> {
    fn from(value: &'v Value) -> Self {
        Self::Held(value)
    }
}

impl<'v> Source<'v> {
    /// The value as `serde_json` has it: a copy, to be changed.
    pub fn to_json(self) -> Json {
        match self {
            Self::Json(value) => value.clone(),
            Self::Held(value) => value.to_json(),
        }
    }

    pub(crate) fn view(self) -> View<'v> {
        match self {
            Self::Json(value) => match value {
                Json::Null => View::Null,
                Json::Bool(flag) => View::Bool(*flag),
                Json::Number(number) => View::Number(number),
                Json::String(text) => View::Text(text),
                Json::Array(items) => View::List(Items::Json(items.iter())),
                Json::Object(members) => View::Object(Members::Json(members.iter())),
            },
            Self::Held(value) => match value {
                Value::Null => View::Null,
                Value::Bool(flag) => View::Bool(*flag),
                Value::Number(number) => View::Number(number),
                Value::String(text) => View::Text(text),
                Value::Array(items) => View::List(Items::Held(items.iter())),
                Value::Object(members) => View::Object(Members::Held(members.iter())),
            },
        }
    }
}

/// What a value is.
pub(crate) enum View<'v> {
    Null,
    Bool(bool),
    Number(&'v Number),
    Text(&'v str),
    List(Items<'v>),
    Object(Members<'v>),
}

impl<'v> View<'v> {
    pub(crate) fn unexpected(&self) -> Unexpected<'v> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(flag) => Unexpected::Bool(*flag),
            Self::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => Unexpected::Unsigned(number),
                (_, Some(number), _) => Unexpected::Signed(number),
                (.., number) => Unexpected::Float(number.unwrap_or(f64::NAN)),
            },
            Self::Text(text) => Unexpected::Str(text),
            Self::List(_) => Unexpected::Seq,
            Self::Object(_) => Unexpected::Map,
        }
    }
}

pub(crate) enum Items<'v> {
    Json(slice::Iter<'v, Json>),
    Held(slice::Iter<'v, Value>),
}

impl<'v> Items<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Held(items) => items.len(),
        }
    }

    pub(crate) fn next(&mut self) -> Option<Source<'v>> {
        match self {
            Self::Json(items) => items.next().map(Source::Json),
            Self::Held(items) => items.next().map(Source::Held),
        }
    }
}

pub(crate) enum Members<'v> {
    Json(map::Iter<'v>),
    Held(Held<'v>),
}

impl<'v> Members<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(members) => members.len(),
            Self::Held(members) => members.len(),
        }
    }

    pub(crate) fn next(&mut self) -> Option<(&'v str, Source<'v>)> {
        match self {
            Self::Json(members) => {
                let (key, value) = members.next()?;
                Some((key, Source::Json(value)))
            }
            Self::Held(members) => {
                let (key, value) = members.next()?;
                Some((key, Source::Held(value)))
            }
        }
    }
}
