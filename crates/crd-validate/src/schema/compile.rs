//! From `openAPIV3Schema` to [`Schema`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Additional, Bound, Format, ListType, Schema, Types};
use crate::cel::Rule;
use crate::pattern::Pattern;

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
        compile(node, "", 0)
    }
}

fn compile(node: &Value, name: &str, depth: usize) -> Result<Schema, SchemaError> {
    let Value::Object(node) = node else {
        return Err(SchemaError::NotAnObject(name.to_owned()));
    };
    if depth > MAX_DEPTH {
        return Err(SchemaError::TooDeep);
    }
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
            .map(|branch| compile(branch, key, depth + 1))
            .collect()
    };
    let boxed = |key: &str| -> Result<Option<Box<Schema>>, SchemaError> {
        match node.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(child) => Ok(Some(Box::new(compile(child, key, depth + 1)?))),
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
            let compiled = compile(schema, member, depth + 1)?;
            properties.insert(member.clone(), Box::new(compiled));
        }
    }
    let additional = match node.get("additionalProperties") {
        None | Some(Value::Null) => Additional::Unsaid,
        Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
        Some(schema) => Additional::Schema(Box::new(compile(
            schema,
            "additionalProperties",
            depth + 1,
        )?)),
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
        items: boxed("items")?,
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

fn bound(node: &Map<String, Value>, key: &str, exclusive: &str) -> Option<Bound> {
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
