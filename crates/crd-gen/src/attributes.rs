//! What the schema says beside what its Rust type says already: the `#[schemars(...)]` attributes, and the schemas that no
//! attribute can make of the type.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::definition::elements;
use crate::naming::Names;
use crate::package::Words;
use crate::shape::{Edge, Shape, ShapeId, Shapes};
use crate::types::{Body, Embedded, PRESERVE, Presence, Ty, TypeId, Types};
use crate::words;

const RULES: &str = "x-kubernetes-validations";
const NULLABLE: &str = "nullable";

/// The schemas that crd-core has, a line for each function that makes one; the example `core_types` writes them.
const KNOWN: &str = include_str!("../core_types/crd-core.txt");

pub(crate) struct Attributes<'a> {
    words: Words,
    messages: &'a BTreeMap<String, String>,
    shapes: &'a Shapes,
    types: &'a Types,
    names: &'a Names,
    /// Schemas that are kept as data: by name, and the names by their text.
    pub(crate) kept: BTreeMap<String, Value>,
    kept_as: BTreeMap<String, String>,
    /// Schemas that crd-core has, without their descriptions.
    known: Vec<(&'static str, Value)>,
}

/// What the derive of a type says by itself.
#[derive(Clone, Copy)]
pub(crate) enum Derive<'a> {
    Object {
        embedded: &'a [Embedded],
        rest: bool,
    },
    Union,
}

/// What a type's own schema is like.
enum Derived {
    /// These keywords and no others.
    Facts(Vec<(&'static str, Value)>),
    /// As the shape says.
    Same,
    /// Unknown, or another.
    Other,
}

impl<'a> Attributes<'a> {
    pub(crate) fn new(
        words: Words,
        messages: &'a BTreeMap<String, String>,
        shapes: &'a Shapes,
        types: &'a Types,
        names: &'a Names,
    ) -> Self {
        let lines = KNOWN.lines().filter_map(|line| line.split_once(' '));
        let known = lines.filter_map(|(path, schema)| {
            let schema = serde_json::from_str(schema).ok()?;
            Some((path, canonical(schema)))
        });
        Self {
            words,
            messages,
            shapes,
            types,
            names,
            kept: BTreeMap::new(),
            kept_as: BTreeMap::new(),
            known: known.collect(),
        }
    }

    /// The attribute of a field or an arm; empty where the type says it all.
    pub(crate) fn of_member(
        &mut self,
        wire: &str,
        ty: &Ty,
        edge: &Edge,
        presence: Option<Presence>,
    ) -> Vec<String> {
        let mut site = BTreeMap::new();
        if let Some(default) = &edge.default {
            site.insert("default".to_owned(), default.clone());
        }
        if edge.nullable {
            site.insert(NULLABLE.to_owned(), json!(true));
        }
        if presence == Some(Presence::Filled) {
            site.insert("x-crd-required".to_owned(), json!(true));
        }
        let mut parts = Vec::new();
        match self.beside(ty, edge.shape) {
            Some(facts) => {
                let mut facts = facts;
                let length = match ty {
                    Ty::Text => bounds(&mut facts, "length", "minLength", "maxLength"),
                    Ty::List(_) => bounds(&mut facts, "length", "minItems", "maxItems"),
                    Ty::I32 | Ty::I64 => bounds(&mut facts, "range", "minimum", "maximum"),
                    _ => None,
                };
                parts.extend(length);
                site.extend(facts);
            }
            None => parts.push(format!(
                "schema_with = {:?}",
                self.function(wire, ty, edge.shape)
            )),
        }
        if !site.is_empty() {
            // A schema that says nothing at all lets everything in; one that says something has to say so.
            let shape = self.shapes.get(edge.shape);
            if matches!(ty, Ty::Any)
                && let Some(preserve) = shape.facts.get(PRESERVE)
            {
                site.insert(PRESERVE.to_owned(), preserve.clone());
            }
            parts.push(extend(&site));
        }
        parts
    }

    /// The attribute of a type: what its shape says beside its members.
    pub(crate) fn of_type(&self, shape: ShapeId, derive: Derive<'_>) -> Vec<String> {
        let shape = self.shapes.get(shape);
        let mut facts = self.spoken(shape);
        facts.remove("type");
        let has_union = match derive {
            Derive::Union => true,
            Derive::Object { embedded, rest } => {
                if rest {
                    facts.remove(PRESERVE);
                }
                !embedded.is_empty()
            }
        };
        if has_union {
            let unions = match derive {
                Derive::Union => 1,
                Derive::Object { embedded, .. } => embedded.len(),
            };
            let all_of = shape
                .facts
                .get("allOf")
                .map(|all| elements(all).collect::<Vec<_>>());
            let one_for_each = all_of.as_ref().is_some_and(|all| {
                all.len() == unions && all.iter().all(|one| is_plain_one_of(one.get("oneOf")))
            });
            if is_plain_one_of(shape.facts.get("oneOf")) {
                // The derive says it.
                facts.remove("oneOf");
            } else if one_for_each && unions > 1 {
                facts.remove("allOf");
            } else if !shape.facts.contains_key("oneOf") {
                // A rule does, or the number of members; once is enough.
                facts.insert("oneOf".to_owned(), Value::Null);
            }
        }
        let declared = |name: &&String| shape.properties.iter().any(|(known, _)| known == *name);
        let unknown: Vec<&String> = shape
            .required
            .iter()
            .filter(|name| !declared(name))
            .collect();
        if !unknown.is_empty() {
            facts.insert("x-crd-also-required".to_owned(), json!(unknown));
        }
        match facts.is_empty() {
            true => Vec::new(),
            false => vec![extend(&facts)],
        }
    }

    /// What the schema of a root says of metadata beside its type.
    pub(crate) fn of_metadata(&self, shape: ShapeId) -> Vec<String> {
        let shape = self.shapes.get(shape);
        let metadata = shape.properties.iter().find(|(name, _)| name == "metadata");
        let Some((_, metadata)) = metadata else {
            return Vec::new();
        };
        let mut facts = BTreeMap::new();
        let said = self.shapes.to_json(metadata);
        if said != json!({"type": "object"}) {
            facts.insert("x-crd-metadata".to_owned(), said);
        }
        if shape.required.iter().any(|name| name == "metadata") {
            facts.insert("x-crd-also-required".to_owned(), json!(["metadata"]));
        }
        match facts.is_empty() {
            true => Vec::new(),
            false => vec![extend(&facts)],
        }
    }

    /// The facts of a shape; where words are one's own, those of rules too.
    fn spoken(&self, shape: &Shape) -> BTreeMap<String, Value> {
        let mut facts = shape.facts.clone();
        if let Some(rules) = facts.get_mut(RULES) {
            *rules = self.rules(rules);
        }
        facts
    }

    fn rules(&self, rules: &Value) -> Value {
        elements(rules)
            .map(|rule| {
                let mut rule = rule.clone();
                let text = rule["rule"].as_str().unwrap_or_default().to_owned();
                if let Value::Object(rule) = &mut rule {
                    let told = self.messages.get(&text);
                    if self.words == Words::Facts || told.is_some() {
                        rule.shift_remove("message");
                        rule.shift_remove("messageExpression");
                    }
                    if let Some(told) = told {
                        rule.insert("message".to_owned(), json!(told));
                    }
                }
                rule
            })
            .collect()
    }

    /// The facts that the type does not say; `None` where the type says something else.
    fn beside(&self, ty: &Ty, id: ShapeId) -> Option<BTreeMap<String, Value>> {
        let shape = self.shapes.get(id);
        let mut facts = self.spoken(shape);
        match self.derived(ty, id) {
            Derived::Other => return None,
            Derived::Same => facts.clear(),
            Derived::Facts(known) => {
                if !shape.properties.is_empty() || !shape.required.is_empty() {
                    return None;
                }
                for (key, value) in known {
                    let said = facts.get(key)?;
                    if *said == value || (key == "enum" && same_set(said, &value)) {
                        facts.remove(key);
                    } else if key == "enum" {
                        // It has a `null`, which is left out of what the derive says.
                        facts.insert("x-crd-enum".to_owned(), said.clone());
                        facts.remove(key);
                    }
                }
            }
        }
        Some(facts)
    }

    fn derived(&self, ty: &Ty, id: ShapeId) -> Derived {
        let shape = self.shapes.get(id);
        let plain = |name: &str| Derived::Facts(vec![("type", json!(name))]);
        match ty {
            Ty::Bool => plain("boolean"),
            Ty::Text => plain("string"),
            Ty::Number => plain("number"),
            Ty::I32 => Derived::Facts(vec![("type", json!("integer")), ("format", json!("int32"))]),
            Ty::I64 => Derived::Facts(vec![("type", json!("integer")), ("format", json!("int64"))]),
            Ty::Any if shape.items.is_some() || shape.values.is_some() => Derived::Other,
            Ty::Any if shape.facts.len() == 1 && shape.facts.contains_key(PRESERVE) => {
                Derived::Same
            }
            Ty::Any if shape.facts.contains_key("type") => Derived::Facts(Vec::new()),
            Ty::Any => Derived::Other,
            Ty::Path(path) => match path.as_str() {
                "crd_core::GoDuration" => plain("string"),
                "crd_core::GepDuration" => Derived::Facts(vec![
                    ("type", json!("string")),
                    ("pattern", json!(crd_core::GepDuration::PATTERN)),
                ]),
                _ => Derived::Other,
            },
            Ty::IntOrString | Ty::Quantity | Ty::Time | Ty::Core(_) | Ty::Nullable(_) => {
                Derived::Other
            }
            Ty::List(inner) => match &shape.items {
                Some(items) if self.is_clean(inner, items) => plain("array"),
                _ => Derived::Other,
            },
            Ty::Map(inner) => match &shape.values {
                Some(values) if self.is_clean(inner, values) => plain("object"),
                _ => Derived::Other,
            },
            Ty::Own(own) => self.derived_own(*own, id),
        }
    }

    fn derived_own(&self, own: TypeId, id: ShapeId) -> Derived {
        let own = &self.types.own[own.0];
        match &own.body {
            Body::Texts { open: true, .. } => Derived::Facts(vec![("type", json!("string"))]),
            Body::Texts { values, .. } => {
                Derived::Facts(vec![("type", json!("string")), ("enum", json!(values))])
            }
            Body::Numbers(numbers) => {
                Derived::Facts(vec![("type", json!("integer")), ("enum", json!(numbers))])
            }
            _ if own.shapes.first() == Some(&id) => Derived::Same,
            _ => Derived::Other,
        }
    }

    /// Whether an element's schema is just that of its type.
    fn is_clean(&self, ty: &Ty, edge: &Edge) -> bool {
        edge.default.is_none()
            && !edge.nullable
            && self
                .beside(ty, edge.shape)
                .is_some_and(|facts| facts.is_empty())
    }

    /// The function that gives the schema of a shape.
    fn function(&mut self, wire: &str, ty: &Ty, id: ShapeId) -> String {
        let schema = self.shapes.to_json(&Edge {
            shape: id,
            default: None,
            nullable: false,
        });
        let text = canonical(schema.clone());
        if let Some((path, _)) = self.known.iter().find(|(_, known)| *known == text) {
            return (*path).to_owned();
        }
        let text = text.to_string();
        if let Some(name) = self.kept_as.get(&text) {
            return format!("crate::schema::{name}");
        }
        let stem = words::snake(&self.stem(wire, ty));
        let mut name = stem.clone();
        let mut number = 2;
        while self.kept.contains_key(&name) || name == "of" {
            name = format!("{stem}_{number}");
            number += 1;
        }
        self.kept.insert(name.clone(), schema);
        self.kept_as.insert(text, name.clone());
        format!("crate::schema::{name}")
    }

    fn stem(&self, wire: &str, ty: &Ty) -> String {
        match ty {
            Ty::Core(core) => core.name().to_owned(),
            Ty::Own(own) => self.names.of(*own).to_owned(),
            Ty::Time => "time".to_owned(),
            Ty::Quantity => "quantity".to_owned(),
            Ty::I64 => "integer".to_owned(),
            Ty::List(inner) => match inner.as_ref() {
                Ty::Core(_) | Ty::Own(_) | Ty::Quantity | Ty::Time => {
                    format!("{}_list", self.stem(wire, inner))
                }
                Ty::I64 => "integer_list".to_owned(),
                _ => format!("{wire}_list"),
            },
            Ty::Map(inner) => match inner.as_ref() {
                Ty::Core(_) | Ty::Own(_) | Ty::Quantity | Ty::Time => {
                    format!("{}_map", self.stem(wire, inner))
                }
                Ty::I64 => "integer_map".to_owned(),
                _ => format!("{wire}_map"),
            },
            _ => wire.to_owned(),
        }
    }
}

/// Whether the derive of a union says just that.
fn is_plain_one_of(said: Option<&Value>) -> bool {
    said.is_some_and(|said| {
        elements(said).all(|arm| arm.get("required").is_some() || arm.get("not").is_some())
    })
}

fn same_set(a: &Value, b: &Value) -> bool {
    let set = |value: &Value| {
        let mut texts: Vec<String> = elements(value).map(Value::to_string).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    set(a) == set(b)
}

/// `length(min = 1, max = 2)` in place of two keywords.
fn bounds(
    facts: &mut BTreeMap<String, Value>,
    name: &str,
    least: &str,
    most: &str,
) -> Option<String> {
    let whole = |key: &str| {
        facts
            .get(key)
            .and_then(Value::as_i64)
            .filter(|number| i32::try_from(*number).is_ok())
    };
    let (min, max) = (whole(least), whole(most));
    let mut parts = Vec::new();
    for (key, word, value) in [(least, "min", min), (most, "max", max)] {
        if let Some(value) = value {
            facts.remove(key);
            parts.push(format!("{word} = {value}"));
        }
    }
    (!parts.is_empty()).then(|| format!("{name}({})", parts.join(", ")))
}

/// `extend("a" = 1, "b" = [2])`.
fn extend(facts: &BTreeMap<String, Value>) -> String {
    let parts: Vec<String> = facts
        .iter()
        .map(|(key, value)| format!("{key:?} = {}", literal(value)))
        .collect();
    format!("extend({})", parts.join(", "))
}

/// JSON as `json!` reads it in Rust.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) if i32::try_from(whole).is_ok() => whole.to_string(),
            (Some(whole), _) => format!("{whole}_i64"),
            (_, Some(whole)) => format!("{whole}_u64"),
            _ => number
                .as_f64()
                .map_or_else(|| "0".to_owned(), |float| format!("{float:?}")),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key:?}: {}", literal(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// A schema without descriptions, with its keys and sets in order.
fn canonical(schema: Value) -> Value {
    fn strip(value: &mut Value, in_properties: bool) {
        match value {
            Value::Object(members) => {
                if !in_properties {
                    members.shift_remove("description");
                }
                for (key, member) in members.iter_mut() {
                    strip(member, key == "properties" && !in_properties);
                    if key == "required"
                        && let Value::Array(names) = member
                    {
                        names.sort_by_key(Value::to_string);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
            _ => {}
        }
    }
    let mut schema = schema;
    strip(&mut schema, false);
    let mut sorted = crate::shape::sorted(&schema);
    if let Value::Object(members) = &mut sorted {
        let _: &mut Map<String, Value> = members;
    }
    sorted
}
