//! A value of an object together with the way to it, so that rules read like the fields they are about.

use crate::value::{Map, Value};
use kube_vocab::{Path, Quantity};

static ABSENT: Value = Value::Null;

/// A value inside a decoded object, which has no nulls: an absent value reads as empty, zero or false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'p, 'v> {
    pub(super) value: &'v Value,
    pub(super) path: Path<'p>,
}

impl<'v> Node<'_, 'v> {
    pub(super) fn root(value: &'v Value) -> Self {
        Self {
            value,
            path: Path::ROOT,
        }
    }

    pub(super) fn get<'s>(&'s self, name: &'s str) -> Node<'s, 'v> {
        Node {
            value: self.value.get(name).unwrap_or(&ABSENT),
            path: self.path.field(name),
        }
    }

    /// The value without the way to it: `at(&["template", "spec"])`.
    pub(super) fn at(&self, names: &[&str]) -> &'v Value {
        names
            .iter()
            .try_fold(self.value, |value, name| value.get(*name))
            .unwrap_or(&ABSENT)
    }

    pub(super) fn is_set(&self) -> bool {
        !self.value.is_null()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn str(&self) -> &'v str {
        self.value.as_str().unwrap_or_default()
    }

    pub(super) fn text(&self, name: &str) -> &'v str {
        self.at(&[name]).as_str().unwrap_or_default()
    }

    pub(super) fn bool(&self) -> bool {
        self.value.as_bool().unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.at(&[name]).as_bool().unwrap_or_default()
    }

    /// What Go reads of a member that may be missing: its integer, or 0.
    pub(super) fn int(&self) -> i64 {
        self.value.as_i64().unwrap_or_default()
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.at(&[name]).as_i64()
    }

    pub(super) fn quantity(&self) -> Option<Quantity> {
        quantity(self.value)
    }

    pub(super) fn list(&self) -> &'v [Value] {
        self.value.as_array().map_or(&[], Vec::as_slice)
    }

    pub(super) fn map(&self) -> Option<&'v Map> {
        self.value.as_object()
    }

    /// Whether there is nothing in it: absent, or an empty text, list or map.
    pub(super) fn is_empty(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    pub(super) fn items<'s>(&'s self) -> impl Iterator<Item = Node<'s, 'v>> + use<'s, 'v> {
        self.list().iter().enumerate().map(|(index, value)| Node {
            value,
            path: self.path.index(index),
        })
    }

    /// The members of a map whose keys are data.
    pub(super) fn entries<'s>(&'s self) -> impl Iterator<Item = (&'v str, Node<'s, 'v>)> {
        self.map().into_iter().flatten().map(|(key, value)| {
            let node = Node {
                value,
                path: self.path.key(key),
            };
            (key.as_str(), node)
        })
    }
}

/// The amount that a decoded value stands for: a text or a number.
pub(super) fn quantity(value: &Value) -> Option<Quantity> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}
