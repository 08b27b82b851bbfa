//! From `openAPIV3Schema` to [`Schema`].

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Additional, Bound, Child, Facts, Format, ListType, Parts, Schema, Types};
use crate::cel::Rule;
use crate::pattern::Pattern;
use crate::value::{Map, Value};

/// Deeper schemas than this are refused: no real one comes near.
pub(crate) const MAX_DEPTH: usize = 128;

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
        compile(node, "", 0, &Scope::Whole(shared))
    }

    /// Compiles a part, in which a text in place of a schema below refers to another part.
    pub(crate) fn compile_part(
        node: &Value,
        parts: &'static dyn Parts,
    ) -> Result<Self, SchemaError> {
        compile(node, "", 0, &Scope::Parts(parts))
    }
}

/// What references mean.
enum Scope<'s> {
    Whole(Shared<'s>),
    Parts(&'static dyn Parts),
}

/// What stands once in a schema and is referred to; schemas that a server reads have none of it.
struct Shared<'s> {
    sources: Option<&'s Map>,
    compiled: RefCell<HashMap<&'s str, Child>>,
}

impl<'s> Shared<'s> {
    /// The name of what a node refers to, and the schema that stands there.
    fn referred_to(&self, node: &Value) -> Option<(&'s str, &'s Value)> {
        let sources = self.sources?;
        let name = node.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
        let (name, schema) = sources.get_key_value(name)?;
        Some((name.as_str(), schema))
    }
}

impl Scope<'_> {
    /// A node as other places may have it too.
    fn child(&self, node: &Value, name: &str, depth: usize) -> Result<Child, SchemaError> {
        let compile_here = |node: &Value| {
            compile(node, name, depth, self).map(|schema| Child::Here(Arc::new(schema)))
        };
        let shared = match (self, node) {
            (Self::Parts(parts), Value::String(reference)) => {
                return Ok(Child::Part(parts.part(reference)));
            }
            (Self::Parts(_), _) => return compile_here(node),
            (Self::Whole(shared), _) => shared,
        };
        let Some((key, referred_to)) = shared.referred_to(node) else {
            return compile_here(node);
        };
        if let Some(known) = shared.compiled.borrow().get(key) {
            return Ok(known.clone());
        }
        let compiled = compile_here(referred_to)?;
        let mut known = shared.compiled.borrow_mut();
        known.insert(key, compiled.clone());
        Ok(compiled)
    }
}

fn compile(
    node: &Value,
    name: &str,
    depth: usize,
    scope: &Scope<'_>,
) -> Result<Schema, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::TooDeep);
    }
    if let Scope::Whole(shared) = scope
        && let Some((_, referred_to)) = shared.referred_to(node)
    {
        return compile(referred_to, name, depth + 1, scope);
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
            .map(|branch| compile(branch, key, depth + 1, scope))
            .collect()
    };
    let boxed = |key: &str| -> Result<Option<Box<Schema>>, SchemaError> {
        match node.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(child) => Ok(Some(Box::new(compile(child, key, depth + 1, scope)?))),
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
            let compiled = scope.child(schema, member, depth + 1)?;
            properties.insert(member.as_str().to_owned(), compiled);
        }
    }
    let additional = match node.get("additionalProperties") {
        None | Some(Value::Null) => Additional::Unsaid,
        Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
        Some(schema) => {
            Additional::Schema(scope.child(schema, "additionalProperties", depth + 1)?)
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
            Some(items) => Some(scope.child(items, "items", depth + 1)?),
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
        gives_defaults: false,
        has_rules: false,
        has_keyed_lists: false,
        has_embedded: false,
    };
    let below = schema.below();
    schema.gives_defaults = below.default;
    schema.has_rules = !schema.rules.is_empty() || below.rules;
    schema.has_keyed_lists = schema.list_type != ListType::Atomic || below.keyed_lists;
    schema.has_embedded = schema.embedded || below.embedded;
    Ok(schema)
}

impl Schema {
    /// What holds of one child or another.
    fn below(&self) -> Facts {
        let properties = self.properties.values();
        let children = properties.chain(self.additional.child()).chain(&self.items);
        let branches = self.all_of.iter().map(Self::facts);
        children
            .map(Child::facts)
            .chain(branches)
            .fold(Facts::default(), Facts::or)
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
