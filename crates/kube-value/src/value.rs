//! The value itself.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Number;

use crate::{Map, Text, shared};

/// A JSON value that is made once and then only read. See the [crate documentation](crate).
#[derive(Clone, Default, PartialEq, Eq)]
// With a tag as wide as a pointer a value is moved in words; behind a tag of one byte it is moved in pieces, which processors wait
// for when they are read as one.
#[repr(u64)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as `serde_json` holds it.
    Number(Number),
    /// A text.
    String(Text),
    /// A list.
    Array(Arc<[Value]>),
    /// An object.
    Object(Map),
}

const _: () = assert!(size_of::<Value>() == 24);

/// What stands where nothing is.
static NULL: Value = Value::Null;

/// A place in a value: the key of a member, or a position in a list.
pub trait Position {
    /// What stands there.
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value>;
}

impl Position for str {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_object()?.get(self)
    }
}

impl Position for String {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.as_str().of(value)
    }
}

impl Position for Text {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.as_str().of(value)
    }
}

impl Position for usize {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_array()?.get(*self)
    }
}

impl<P: Position + ?Sized> Position for &P {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        (**self).of(value)
    }
}

impl Value {
    /// The member of a key, or the element at a position; `None` where it is not there, or the value is of another type.
    pub fn get(&self, position: impl Position) -> Option<&Self> {
        position.of(self)
    }

    /// The value at a JSON pointer (RFC 6901): `/spec/containers/0/name`.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut steps = pointer.strip_prefix('/')?.split('/');
        steps.try_fold(self, |at, step| match at {
            Self::Object(members) if step.contains('~') => {
                members.get(&step.replace("~1", "/").replace("~0", "~"))
            }
            Self::Object(members) => members.get(step),
            Self::Array(items) => {
                // No sign, and no zero before other digits.
                let is_plain = step == "0" || !step.starts_with(['0', '+']);
                items.get(step.parse::<usize>().ok().filter(|_| is_plain)?)
            }
            _ => None,
        })
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub const fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The whole number, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The whole number that is not negative, if it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The number with a fraction that comes nearest, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The elements, if it is a list.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub const fn as_object(&self) -> Option<&Map> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is `true` or `false`.
    pub const fn is_boolean(&self) -> bool {
        matches!(self, Self::Bool(_))
    }

    /// Whether it is a number.
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// Whether it is a text.
    pub const fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// Whether it is a list.
    pub const fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// Whether it is an object.
    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The elements themselves, if it is a list.
    pub fn into_array(self) -> Option<Vec<Self>> {
        match self {
            Self::Array(items) => Some(items.to_vec()),
            _ => None,
        }
    }

    /// A list of the items from `first` on, which are taken out of `items`. A small one shares its memory with an equal one that the
    /// same thread made in the same way before.
    pub fn shared_list(items: &mut Vec<Self>, first: usize) -> Self {
        Self::Array(shared::list(items, first))
    }

    /// The same object with a member more, or with another value for one that it has; other values stay as they are. It costs as
    /// much as making the object.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<Self>) -> Self {
        match self {
            Self::Object(members) => {
                let mut members = members.into_members();
                members.push((key.into(), value.into()));
                Self::Object(Map::of(members))
            }
            other => other,
        }
    }
}

/// The member of a key or the element at a position; `null` where there is none.
impl<P: Position> Index<P> for Value {
    type Output = Self;

    fn index(&self, position: P) -> &Self {
        position.of(self).unwrap_or(&NULL)
    }
}

impl PartialEq<str> for Value {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl PartialEq<bool> for Value {
    fn eq(&self, other: &bool) -> bool {
        self.as_bool() == Some(*other)
    }
}

impl PartialEq<i64> for Value {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

/// As JSON, on one line.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => fmt::Debug::fmt(value, f),
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::String(text) => fmt::Debug::fmt(text, f),
            Self::Array(items) => f.debug_list().entries(items.iter()).finish(),
            Self::Object(members) => fmt::Debug::fmt(members, f),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items.iter()),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}
