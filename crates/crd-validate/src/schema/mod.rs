//! A structural schema, compiled once: what a CustomResourceDefinition says of the shape of its objects.

mod check;
mod coerce;
mod compile;
mod correlate;
mod describe;
mod embedded;
mod list;
mod part;

use std::collections::BTreeMap;

use crate::value::Value;

pub(crate) use check::check;
pub(crate) use coerce::{apply_defaults, drop_nulls, prune_unknown};
pub(crate) use compile::MAX_DEPTH;
pub use compile::SchemaError;
pub(crate) use correlate::{is_unchanged, old_item};
pub(crate) use embedded::{check_embedded, decode_embedded};
pub(crate) use list::{canonical, check_lists};
pub(crate) use part::{Child, Facts, Part, Parts};

use crate::cel::Rule;
use crate::format::{Format, Types};
use crate::pattern::Pattern;

/// How the items of a list are told apart.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum ListType {
    #[default]
    Atomic,
    Set,
    Map(Vec<String>),
}

/// Members of an object that `properties` does not name.
#[derive(Debug, Default)]
pub(crate) enum Additional {
    /// Nothing is said: unknown members are pruned.
    #[default]
    Unsaid,
    /// `additionalProperties: true` or `false`.
    Allowed(bool),
    Schema(Child),
}

impl Additional {
    pub(crate) fn schema(&self) -> Option<&Schema> {
        self.child().map(|child| &**child)
    }

    fn child(&self) -> Option<&Child> {
        match self {
            Self::Schema(child) => Some(child),
            _ => None,
        }
    }
}

/// `minimum` or `maximum`, with whether the bound itself is allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) value: f64,
    pub(crate) exclusive: bool,
}

/// What a definition says of one value: its types, bounds, fields, items and rules.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) types: Types,
    pub(crate) nullable: bool,
    pub(crate) format: Option<Format>,
    pub(crate) allowed: Vec<Value>,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique_items: bool,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
    pub(crate) properties: BTreeMap<String, Child>,
    pub(crate) additional: Additional,
    pub(crate) required: Vec<String>,
    pub(crate) items: Option<Child>,
    pub(crate) all_of: Vec<Schema>,
    pub(crate) any_of: Vec<Schema>,
    pub(crate) one_of: Vec<Schema>,
    pub(crate) not: Option<Box<Schema>>,
    pub(crate) preserve_unknown: bool,
    pub(crate) embedded: bool,
    pub(crate) list_type: ListType,
    pub(crate) default: Option<Value>,
    pub(crate) rules: Vec<Rule>,
    /// Whether a member or item of this node itself has a default.
    pub(crate) gives_defaults: bool,
    /// Whether this node or one below has CEL rules.
    pub(crate) has_rules: bool,
    /// Whether this node or one below is a set or a map list.
    pub(crate) has_keyed_lists: bool,
    /// Whether this node or one below is an embedded object.
    pub(crate) has_embedded: bool,
}

impl Schema {
    /// The schema of a member, whether named or additional.
    pub(crate) fn member(&self, name: &str) -> Option<&Schema> {
        self.properties
            .get(name)
            .map(|child| &**child)
            .or_else(|| self.additional.schema())
    }

    /// Whether, of an object, it says nothing of the metadata: what is below asks for it nowhere.
    pub(crate) fn is_nameless(&self) -> bool {
        let asks = |schema: &Schema| {
            !schema.rules.is_empty()
                || !schema.all_of.is_empty()
                || !schema.any_of.is_empty()
                || !schema.one_of.is_empty()
                || schema.not.is_some()
                || !schema.allowed.is_empty()
        };
        let says_more = |schema: &Schema| {
            asks(schema)
                || !schema.properties.is_empty()
                || schema.additional.schema().is_some()
                || !schema.required.is_empty()
                || schema.min_properties.is_some()
                || schema.max_properties.is_some()
        };
        !asks(self) && !self.member("metadata").is_some_and(says_more)
    }

    pub(crate) fn facts(&self) -> Facts {
        Facts {
            rules: self.has_rules,
            keyed_lists: self.has_keyed_lists,
            embedded: self.has_embedded,
            default: self.default.is_some(),
        }
    }
}

/// The JSON type of a value, as the server names it.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
