//! From `openAPIV3Schema` to [`Schema`].

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Additional, Bound, Format, ListType, Schema, Types};
use crate::cel::Rule;
use crate::pattern::Pattern;
use crate::value::{Map, Value};

/// Deeper schemas than this are refused: no real one comes near.
const MAX_DEPTH: usize = 128;

/// Why a schema cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A node of the schema is neither an object nor a boolean.
    #[error("schema node `{0}` is not an object")]
    NotAnObject(String),
    /// The schema is nested more than 128 deep.
    #[error("the schema is nested more than {MAX_DEPTH} deep")]
    TooDeep,
}

impl Schema {
    /// Compiles a schema. Unknown keywords are ignored, as the server drops them.
    pub(crate) fn compile(node: &Value) -> Result<Self, SchemaError> {
        let shared = Shared {
            sources: node.get("$defs").and_then(Value::as_object),
            compiled: RefCell::default(),
        };
        compile(node, "", 0, &shared)
    }
}

/// What stands once in a schema and is referred to; schemas that a server reads have none of it.
struct Shared<'s> {
    sources: Option<&'s Map>,
    compiled: RefCell<HashMap<&'s str, Arc<Schema>>>,
}

impl<'s> Shared<'s> {
    /// The name of what a node refers to, and the schema that stands there.
    fn referred_to(&self, node: &Value) -> Option<(&'s str, &'s Value)> {
        let sources = self.sources?;
        let name = node.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
        let (name, schema) = sources.get_key_value(name)?;
        Some((name.as_str(), schema))
    }

    /// A node as other places may have it too.
    fn child(&self, node: &Value, name: &str, depth: usize) -> Result<Arc<Schema>, SchemaError> {
        let Some((key, referred_to)) = self.referred_to(node) else {
            return compile(node, name, depth, self).map(Arc::new);
        };
        if let Some(known) = self.compiled.borrow().get(key) {
            return Ok(Arc::clone(known));
        }
        let compiled = Arc::new(compile(referred_to, name, depth, self)?);
        let mut known = self.compiled.borrow_mut();
        known.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }
}

fn compile(
    node: &Value,
    name: &str,
    depth: usize,
    shared: &Shared<'_>,
) -> Result<Schema, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::TooDeep);
    }
    if let Some((_, referred_to)) = shared.referred_to(node) {
        return compile(referred_to, name, depth + 1, shared);
    }
    let Value::Object(node) = node else {
        return Err(SchemaError::NotAnObject(name.to_owned()));
    };
    let flag = |key: &str| node.get(key).and_then(Value::as_bool).unwrap_or(false);
    let count = |key: &str| node.get(key).and_then(Value::as_u64);
    let number = |key: &str| node.get(key).and_then(Value::as_f64);
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let list = |key: &str| {
        node.get(key)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
    };
    let branches = |key: &str| -> Result<Vec<Schema>, SchemaError> {
        list(key)
            .iter()
            .map(|branch| compile(branch, key, depth + 1, shared))
            .collect()
    };
    let boxed = |key: &str| -> Result<Option<Box<Schema>>, SchemaError> {
        match node.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(child) => Ok(Some(Box::new(compile(child, key, depth + 1, shared)?))),
        }
    };

    let types = if flag("x-kubernetes-int-or-string") {
        Types::INTEGER.union(Types::STRING)
    } else {
        text("type").map_or(Types::default(), Types::named)
    };
    let mut properties = BTreeMap::new();
    if let Some(Value::Object(members)) = node.get("properties") {
        for (member, schema) in members {
            let compiled = shared.child(schema, member, depth + 1)?;
            properties.insert(member.as_str().to_owned(), compiled);
        }
    }
    let additional = match node.get("additionalProperties") {
        None | Some(Value::Null) => Additional::Unsaid,
        Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
        Some(schema) => {
            Additional::Schema(shared.child(schema, "additionalProperties", depth + 1)?)
        }
    };
    let mut schema = Schema {
        types,
        nullable: flag("nullable"),
        format: text("format").and_then(|format| Format::of(format, types)),
        allowed: list("enum").to_vec(),
        pattern: text("pattern")
            .filter(|text| !text.is_empty())
            .map(Pattern::new),
        minimum: bound(node, "minimum", "exclusiveMinimum"),
        maximum: bound(node, "maximum", "exclusiveMaximum"),
        multiple_of: number("multipleOf"),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        min_items: count("minItems"),
        max_items: count("maxItems"),
        unique_items: flag("uniqueItems"),
        min_properties: count("minProperties"),
        max_properties: count("maxProperties"),
        properties,
        additional,
        required: strings(list("required")),
        items: match node.get("items") {
            None | Some(Value::Null) => None,
            Some(items) => Some(shared.child(items, "items", depth + 1)?),
        },
        all_of: branches("allOf")?,
        any_of: branches("anyOf")?,
        one_of: branches("oneOf")?,
        not: boxed("not")?,
        preserve_unknown: flag("x-kubernetes-preserve-unknown-fields"),
        embedded: flag("x-kubernetes-embedded-resource"),
        list_type: match text("x-kubernetes-list-type") {
            Some("set") => ListType::Set,
            Some("map") => ListType::Map(strings(list("x-kubernetes-list-map-keys"))),
            _ => ListType::Atomic,
        },
        default: node
            .get("default")
            .filter(|value| !value.is_null())
            .cloned(),
        rules: list("x-kubernetes-validations")
            .iter()
            .filter_map(Rule::read)
            .collect(),
        has_rules: false,
        has_keyed_lists: false,
        has_embedded: false,
    };
    schema.has_rules = !schema.rules.is_empty() || schema.any_child(|child| child.has_rules);
    schema.has_keyed_lists =
        schema.list_type != ListType::Atomic || schema.any_child(|child| child.has_keyed_lists);
    schema.has_embedded = schema.embedded || schema.any_child(|child| child.has_embedded);
    Ok(schema)
}

impl Schema {
    fn any_child(&self, mut test: impl FnMut(&Schema) -> bool) -> bool {
        self.properties.values().any(|child| test(child))
            || self.additional.schema().is_some_and(&mut test)
            || self.items.as_deref().is_some_and(&mut test)
            || self.all_of.iter().any(test)
    }
}

fn bound(node: &Map, key: &str, exclusive: &str) -> Option<Bound> {
    Some(Bound {
        value: node.get(key)?.as_f64()?,
        exclusive: node
            .get(exclusive)
            .and_then(Value::as_bool)
            .unwrap_or(false),
    })
}

fn strings(list: &[Value]) -> Vec<String> {
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
