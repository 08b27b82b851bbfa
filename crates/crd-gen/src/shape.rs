//! The schemas of all kinds and versions as one graph in which equal shapes are one node.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::definition::{Definition, elements};

/// A shape: what a schema says, without prose and without what belongs to the place where it stands (default, nullable).
/// A shape has a greater number than the shapes inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ShapeId(pub(crate) usize);

/// A shape at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) shape: ShapeId,
    pub(crate) default: Option<Value>,
    pub(crate) nullable: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// All keywords but those below.
    pub(crate) facts: BTreeMap<String, Value>,
    pub(crate) properties: Vec<(String, Edge)>,
    pub(crate) required: Vec<String>,
    pub(crate) items: Option<Box<Edge>>,
    pub(crate) values: Option<Box<Edge>>,
}

/// One version of a kind, and its root.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// Which definition, and which of its versions.
    pub(crate) definition: usize,
    pub(crate) version: usize,
    pub(crate) shape: ShapeId,
}

/// A place where a shape stands: a root and the steps from it, `[]` for elements of lists and `{}` for values of maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) root: usize,
    pub(crate) steps: Vec<String>,
}

/// All shapes.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    nodes: Vec<Shape>,
    interned: HashMap<String, ShapeId>,
    pub(crate) roots: Vec<Root>,
    /// Where each shape stands, in the order of reading.
    pub(crate) places: Vec<Vec<Place>>,
    /// What is said of a shape, and how often.
    texts: Vec<Vec<(String, usize)>>,
    /// What is said of a member of an object.
    member_texts: HashMap<(ShapeId, String), String>,
}

/// Keywords that carry no meaning for types, defaults or verdicts.
const PROSE: [&str; 6] = [
    "description",
    "title",
    "example",
    "examples",
    "externalDocs",
    "$comment",
];

impl Shapes {
    pub(crate) fn read(definitions: &[Definition]) -> Self {
        let mut shapes = Self::default();
        for (definition, kind) in definitions.iter().enumerate() {
            for (version, served) in kind.versions.iter().enumerate() {
                let root = shapes.roots.len();
                let mut place = Place {
                    root,
                    steps: Vec::new(),
                };
                let shape = shapes.add(&served.schema, &mut place).shape;
                shapes.roots.push(Root {
                    definition,
                    version,
                    shape,
                });
            }
        }
        shapes
    }

    pub(crate) fn get(&self, id: ShapeId) -> &Shape {
        &self.nodes[id.0]
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ShapeId> + use<> {
        (0..self.nodes.len()).map(ShapeId)
    }

    /// What is said most often of the shape itself.
    pub(crate) fn text(&self, id: ShapeId) -> Option<&str> {
        let texts = &self.texts[id.0];
        let most = texts.iter().map(|(_, count)| *count).max()?;
        let found = texts.iter().find(|(_, count)| *count == most);
        found.map(|(text, _)| text.as_str())
    }

    pub(crate) fn member_text(&self, id: ShapeId, member: &str) -> Option<&str> {
        let found = self.member_texts.get(&(id, member.to_owned()));
        found.map(String::as_str)
    }

    fn add(&mut self, schema: &Value, place: &mut Place) -> Edge {
        let empty = Map::new();
        let members = schema.as_object().unwrap_or(&empty);
        let mut shape = Shape::default();
        let mut member_texts = Vec::new();
        for (key, value) in members {
            match key.as_str() {
                "properties" => {
                    for (name, property) in value.as_object().into_iter().flatten() {
                        place.steps.push(name.clone());
                        let edge = self.add(property, place);
                        place.steps.pop();
                        shape.properties.push((name.clone(), edge));
                        if let Some(text) = property["description"].as_str() {
                            member_texts.push((name.clone(), text.to_owned()));
                        }
                    }
                }
                "items" if value.is_object() => {
                    shape.items = Some(Box::new(self.inner(value, place, "[]")))
                }
                "additionalProperties" if value.is_object() => {
                    shape.values = Some(Box::new(self.inner(value, place, "{}")));
                }
                // Says what is so without it.
                "additionalProperties" if value == false => {}
                "required" => {
                    let names = elements(value).filter_map(Value::as_str);
                    shape.required = names.map(str::to_owned).collect();
                    shape.required.sort();
                }
                "default" | "nullable" => {}
                key if PROSE.contains(&key) => {}
                _ => {
                    shape.facts.insert(key.clone(), value.clone());
                }
            }
        }
        let text = schema["description"].as_str();
        let id = self.intern(shape, text, place);
        for (name, text) in member_texts {
            self.member_texts.entry((id, name)).or_insert(text);
        }
        Edge {
            shape: id,
            default: members.get("default").cloned(),
            nullable: schema["nullable"] == true,
        }
    }

    fn inner(&mut self, schema: &Value, place: &mut Place, step: &str) -> Edge {
        place.steps.push(step.to_owned());
        let edge = self.add(schema, place);
        place.steps.pop();
        edge
    }

    fn intern(&mut self, shape: Shape, text: Option<&str>, place: &Place) -> ShapeId {
        let key = key_of(&shape);
        let id = match self.interned.get(&key) {
            Some(id) => *id,
            None => {
                let id = ShapeId(self.nodes.len());
                self.nodes.push(shape);
                self.places.push(Vec::new());
                self.texts.push(Vec::new());
                self.interned.insert(key, id);
                id
            }
        };
        self.places[id.0].push(place.clone());
        if let Some(text) = text {
            let texts = &mut self.texts[id.0];
            let known = texts.iter().position(|(known, _)| known == text);
            match known {
                Some(position) => texts[position].1 += 1,
                // The first few are enough to find the usual one.
                None if texts.len() < 8 => texts.push((text.to_owned(), 1)),
                None => {}
            }
        }
        id
    }

    /// The shape below the steps.
    pub(crate) fn follow(&self, root: ShapeId, steps: &[String]) -> Result<ShapeId, usize> {
        let mut at = root;
        for (number, step) in steps.iter().enumerate() {
            let shape = self.get(at);
            let next = match step.as_str() {
                "[]" => shape.items.as_deref(),
                "{}" => shape.values.as_deref(),
                name => shape
                    .properties
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, edge)| edge),
            };
            at = next.ok_or(number)?.shape;
        }
        Ok(at)
    }

    /// The schema again, without prose.
    pub(crate) fn to_json(&self, edge: &Edge) -> Value {
        let shape = self.get(edge.shape);
        let mut schema: Map<String, Value> = shape.facts.clone().into_iter().collect();
        if let Some(rules) = schema.get_mut("x-kubernetes-validations") {
            *rules = without_words(rules);
        }
        if let Some(default) = &edge.default {
            schema.insert("default".to_owned(), default.clone());
        }
        if edge.nullable {
            schema.insert("nullable".to_owned(), json!(true));
        }
        if !shape.required.is_empty() {
            schema.insert("required".to_owned(), json!(shape.required));
        }
        if let Some(items) = &shape.items {
            schema.insert("items".to_owned(), self.to_json(items));
        }
        if let Some(values) = &shape.values {
            schema.insert("additionalProperties".to_owned(), self.to_json(values));
        }
        if !shape.properties.is_empty() {
            let properties = shape.properties.iter();
            let properties: Map<String, Value> = properties
                .map(|(name, edge)| (name.clone(), self.to_json(edge)))
                .collect();
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        Value::Object(schema)
    }
}

/// Rules without the messages, which are prose.
fn without_words(rules: &Value) -> Value {
    elements(rules)
        .map(|rule| {
            let mut rule = rule.clone();
            if let Value::Object(rule) = &mut rule {
                rule.shift_remove("message");
                rule.shift_remove("messageExpression");
            }
            rule
        })
        .collect()
}

/// The same text for equal shapes.
fn key_of(shape: &Shape) -> String {
    let edge = |edge: &Edge| {
        format!(
            "{}!{:?}!{}",
            edge.shape.0,
            edge.default.as_ref().map(sorted),
            edge.nullable
        )
    };
    let mut properties: Vec<String> = shape
        .properties
        .iter()
        .map(|(name, at)| format!("{name:?}={}", edge(at)))
        .collect();
    properties.sort();
    let facts: Vec<String> = shape
        .facts
        .iter()
        .map(|(key, value)| format!("{key}:{}", sorted(value)))
        .collect();
    format!(
        "{}|{}|{:?}|{}|{}",
        facts.join(","),
        properties.join(","),
        shape.required,
        shape.items.as_deref().map(edge).unwrap_or_default(),
        shape.values.as_deref().map(edge).unwrap_or_default(),
    )
}

/// JSON with its keys in order.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, Value> = members
                .iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect();
            members
                .into_iter()
                .map(|(key, value)| (key.clone(), value))
                .collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
