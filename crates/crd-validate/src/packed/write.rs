//! Definitions into the packed form.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::ALL;
use super::definition::{NAMED, ONE, SEVERAL, sorted};
use crate::schema::{self, MAX_DEPTH, Part, Schema, SchemaError};

/// The keywords that objects are judged by, beside those below which other schemas stand.
const JUDGED: [&str; 24] = [
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "pattern",
    "required",
    "type",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-preserve-unknown-fields",
];
const RULES: &str = "x-kubernetes-validations";
/// What is read of a rule.
const RULE: [&str; 5] = [
    "fieldPath",
    "message",
    "messageExpression",
    "optionalOldSelf",
    "rule",
];

/// Why a definition cannot be packed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// A member that every definition has is missing.
    #[error("the definition has no {0}")]
    Missing(&'static str),
    /// A reference whose definition is not among the schema's `$defs`.
    #[error("{kind}: nothing is called {name}")]
    Unknown {
        /// The kind whose schema refers to it.
        kind: String,
        /// The name that is referred to.
        name: String,
    },
    /// A part of the schema cannot be compiled.
    #[error("{part}: {error}")]
    Schema {
        /// The part, as it would be called.
        part: String,
        /// What is wrong with it.
        error: SchemaError,
    },
}

/// The JSON of each part by its name, and the names by what was wanted and the JSON.
#[derive(Debug, Default)]
struct Parts {
    by_name: BTreeMap<String, String>,
    names: HashMap<(String, String), String>,
}

/// Writes definitions as a text for [`PackedDefinitions`](super::PackedDefinitions): compact, and readable in a diff. What is the
/// same for several kinds, versions or channels stands there once.
#[derive(Debug, Default)]
pub struct Packer {
    parts: Parts,
    /// By group and kind, then by channel: the definitions without schemas.
    kinds: BTreeMap<(String, String), BTreeMap<String, String>>,
    channels: Vec<String>,
}

impl Packer {
    /// A packer that has nothing to write yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a CustomResourceDefinition as a channel has it. What its schemas share may stand under their `$defs`, with `$ref` in
    /// its places: such parts keep their names, and what differs under one name gets the channel or a number behind it.
    ///
    /// # Errors
    /// When the value is no definition, or its schema none that objects could be judged by.
    pub fn add(&mut self, channel: &str, definition: &Json) -> Result<(), PackError> {
        let text = |pointer: &str| definition.pointer(pointer).and_then(Json::as_str);
        let group = text("/spec/group").ok_or(PackError::Missing("spec.group"))?;
        let kind = text("/spec/names/kind").ok_or(PackError::Missing("spec.names.kind"))?;
        let versions = definition
            .pointer("/spec/versions")
            .and_then(Json::as_array);
        let versions = versions.ok_or(PackError::Missing("spec.versions"))?;
        if !self.channels.iter().any(|known| known == channel) {
            self.channels.push(channel.to_owned());
        }
        let mut frames = Vec::new();
        for version in versions {
            frames.push(self.version(version, kind, channel)?);
        }
        let mut spec = Map::new();
        if let Some(strategy) = text("/spec/conversion/strategy") {
            spec.insert("conversion".to_owned(), json!({"strategy": strategy}));
        }
        spec.insert("scope".to_owned(), text("/spec/scope").into());
        spec.insert("versions".to_owned(), frames.into());
        let key = (group.to_owned(), kind.to_owned());
        let by_channel = self.kinds.entry(key).or_default();
        by_channel.insert(channel.to_owned(), Json::Object(spec).to_string());
        Ok(())
    }

    /// The text, one line for each kind and each part, without a word to people: lines that begin with `#` may go before it.
    #[must_use]
    pub fn finish(self) -> String {
        let mut lines = Vec::new();
        for ((group, kind), by_channel) in &self.kinds {
            let mut frames = by_channel.values();
            let first = frames.next();
            let is_same =
                by_channel.len() == self.channels.len() && frames.all(|frame| Some(frame) == first);
            for (channel, frame) in by_channel.iter().take(if is_same { 1 } else { usize::MAX }) {
                let channel = if is_same { ALL } else { channel };
                lines.push(format!("kind {group} {kind} {channel} {frame}\n"));
            }
        }
        let parts = self.parts.by_name.iter();
        lines.extend(parts.map(|(name, part)| format!("part {name} {part}\n")));
        lines.concat()
    }

    /// What is said of a version beside its schema, and the part that its schema is.
    fn version(&mut self, version: &Json, kind: &str, channel: &str) -> Result<Json, PackError> {
        let mut frame = Map::new();
        for key in ["name", "served", "storage"] {
            let member = version.get(key).cloned().unwrap_or_default();
            frame.insert(key.to_owned(), member);
        }
        if let Some(subresources) = version.get("subresources").filter(|found| !found.is_null()) {
            frame.insert("subresources".to_owned(), without_nulls(subresources));
        }
        if let Some(schema) = version.pointer("/schema/openAPIV3Schema") {
            let mut packing = Packing {
                parts: &mut self.parts,
                kind,
                channel: (self.channels.first().map(String::as_str) != Some(channel))
                    .then_some(channel),
                definitions: schema.get("$defs").and_then(Json::as_object),
                references: HashMap::new(),
                depth: 0,
            };
            let root = packing.node(schema)?;
            let reference = packing.part(kind, root)?;
            frame.insert("schema".to_owned(), json!({"openAPIV3Schema": reference}));
        }
        Ok(Json::Object(frame))
    }
}

/// The same without members that are null.
fn without_nulls(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let members = sorted(members).into_iter();
            let members = members.filter(|(_, member)| !member.is_null());
            members
                .map(|(key, member)| (key.clone(), without_nulls(member)))
                .collect()
        }
        other => other.clone(),
    }
}

/// The schema of one version while it is packed.
struct Packing<'p> {
    parts: &'p mut Parts,
    kind: &'p str,
    /// Behind the names of what differs from an earlier channel.
    channel: Option<&'p str>,
    definitions: Option<&'p Map<String, Json>>,
    /// What the names of definitions have become.
    references: HashMap<&'p str, String>,
    /// How many schemas stand around the one that is packed.
    depth: usize,
}

impl<'p> Packing<'p> {
    /// What is judged by in a schema, with the names of parts in place of references.
    fn node(&mut self, node: &'p Json) -> Result<Json, PackError> {
        // Definitions may refer to each other in a circle.
        if self.depth == MAX_DEPTH {
            return Err(PackError::Schema {
                part: self.kind.to_owned(),
                error: SchemaError::TooDeep,
            });
        }
        self.depth += 1;
        let packed = self.members(node);
        self.depth -= 1;
        packed
    }

    fn members(&mut self, node: &'p Json) -> Result<Json, PackError> {
        let Some(members) = node.as_object() else {
            return Ok(node.clone());
        };
        if let Some((_, meant)) = self.referred_to(members)? {
            return self.node(meant);
        }
        let mut packed = Map::new();
        for (key, member) in sorted(members) {
            let member = match member {
                Json::Object(named) if key == NAMED => {
                    let mut children = Map::new();
                    for (name, child) in sorted(named) {
                        children.insert(name.clone(), self.child(child)?);
                    }
                    Json::Object(children)
                }
                Json::Array(branches) if SEVERAL.contains(&key.as_str()) => {
                    let branches = branches.iter().map(|branch| self.node(branch));
                    branches.collect::<Result<_, _>>()?
                }
                child if key == "not" => self.node(child)?,
                child if ONE.contains(&key.as_str()) => self.child(child)?,
                Json::Array(rules) if key == RULES => rules.iter().map(rule).collect(),
                member if JUDGED.contains(&key.as_str()) => member.clone(),
                _ => continue,
            };
            packed.insert(key.clone(), member);
        }
        Ok(Json::Object(packed))
    }

    /// A schema below another, which may be a part of its own.
    fn child(&mut self, node: &'p Json) -> Result<Json, PackError> {
        let Some((name, meant)) = (match node.as_object() {
            Some(members) => self.referred_to(members)?,
            None => None,
        }) else {
            return self.node(node);
        };
        if let Some(reference) = self.references.get(name) {
            return Ok(reference.as_str().into());
        }
        let part = self.node(meant)?;
        let reference = self.part(name, part)?;
        self.references.insert(name, reference.clone());
        Ok(reference.into())
    }

    fn referred_to(
        &self,
        members: &'p Map<String, Json>,
    ) -> Result<Option<(&'p str, &'p Json)>, PackError> {
        let Some(target) = members.get("$ref").and_then(Json::as_str) else {
            return Ok(None);
        };
        let name = target.strip_prefix("#/$defs/").unwrap_or(target);
        let known = self.definitions.and_then(|known| known.get_key_value(name));
        match known {
            Some((name, meant)) => Ok(Some((name, meant))),
            None => Err(PackError::Unknown {
                kind: self.kind.to_owned(),
                name: name.to_owned(),
            }),
        }
    }

    /// Keeps a part, and says how to refer to it.
    fn part(&mut self, wanted: &str, part: Json) -> Result<String, PackError> {
        let compiled = Schema::compile_part(&(&part).into(), &Unfollowed);
        let facts = compiled.map(|schema| schema.facts());
        let facts = facts.map_err(|error| PackError::Schema {
            part: wanted.to_owned(),
            error,
        })?;
        let name = self.name(wanted, part.to_string());
        let facts = facts.to_string();
        Ok(match facts.is_empty() {
            true => name,
            false => format!("{name}:{facts}"),
        })
    }

    fn name(&mut self, wanted: &str, text: String) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let wanted = wanted.replace(|c| !plain(c), "_");
        let key = (wanted, text);
        if let Some(known) = self.parts.names.get(&key) {
            return known.clone();
        }
        let (wanted, text) = &key;
        let numbered = (2..).map(|number| format!("{wanted}.{number}"));
        let in_channel = self.channel.map(|channel| format!("{wanted}.{channel}"));
        let mut names = std::iter::once(wanted.clone())
            .chain(in_channel)
            .chain(numbered);
        let is_free = |name: &String| !self.parts.by_name.contains_key(name);
        let name = names.find(is_free).unwrap_or_default();
        self.parts.by_name.insert(name.clone(), text.clone());
        self.parts.names.insert(key, name.clone());
        name
    }
}

fn rule(rule: &Json) -> Json {
    let Some(members) = rule.as_object() else {
        return rule.clone();
    };
    let members = sorted(members).into_iter();
    members
        .filter(|(key, _)| RULE.contains(&key.as_str()))
        .map(|(key, member)| (key.clone(), member.clone()))
        .collect()
}

/// Parts that are referred to and not followed: of them no more is asked than the reference says.
#[derive(Debug)]
struct Unfollowed;

impl schema::Parts for Unfollowed {
    fn part(&'static self, reference: &str) -> Arc<Part> {
        Arc::new(Part::new(reference, self))
    }

    fn compile(&'static self, _: &Part) -> Schema {
        Schema::default()
    }

    fn fault(&self) -> Option<&str> {
        None
    }
}
