//! Schemas in which what stands in several places is written once. Types are asked for their schema once each, and refer to
//! others; asking them to write others out costs as many copies as places.
//!
//! What stands beside a reference says more of one use. A reference with more than a description is therefore written out, one
//! level deep: what that level refers to is still shared. So is a type inside itself, as [`inline`](crate::schema) cuts it.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::Transform;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::channel::Channel;
use crate::schema::{ONLY, REQUIRED, Structural, any_object, in_channel};

/// Where schemas that are written once stand, and how references to them begin.
const DEFINITIONS: &str = "$defs";
const REFERENCE: &str = "#/$defs/";

/// The structural schema that `make` makes, as a channel has it, with shared parts under `$defs`.
pub(crate) fn schema(make: fn(&mut SchemaGenerator) -> Schema, channel: Channel) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.meta_schema = None);
    let mut generator = settings.into_generator();
    let root = make(&mut generator).to_value();
    let mut sharing = Sharing {
        raw: generator.take_definitions(false),
        channel,
        states: BTreeMap::new(),
        finished: Map::new(),
    };
    let mut root = sharing.finish(root);
    if let Some(members) = root
        .as_object_mut()
        .filter(|_| !sharing.finished.is_empty())
    {
        members.insert(DEFINITIONS.to_owned(), Value::Object(sharing.finished));
    }
    root
}

struct Sharing {
    /// What schemars wrote once, as it wrote it.
    raw: Map<String, Value>,
    channel: Channel,
    states: BTreeMap<String, State>,
    /// What is shared, under the names by which references call it.
    finished: Map<String, Value>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// What it refers to is being looked at.
    Open,
    Shared,
    /// A type is inside itself, here or below: what is cut off depends on the place.
    WrittenOut,
}

/// A reference, alone or as `anyOf` of it and null.
struct Reference {
    /// The member that holds it.
    key: &'static str,
    /// The name as it is written.
    written: String,
    /// The name of the definition.
    name: String,
}

impl Sharing {
    fn finish(&mut self, mut raw: Value) -> Value {
        self.resolve(&mut raw, &mut Vec::new());
        let Ok(mut schema) = Schema::try_from(raw) else {
            return Value::Bool(true);
        };
        Structural::Shared.transform(&mut schema);
        in_channel(schema, self.channel).to_value()
    }

    /// Makes references those to finished definitions, or writes out what they mean. `open` are the names within which it is.
    fn resolve(&mut self, value: &mut Value, open: &mut Vec<String>) {
        let members = match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.resolve(item, open));
                return;
            }
            Value::Object(members) => members,
            _ => return,
        };
        let Some(reference) = self.reference(members) else {
            members
                .values_mut()
                .for_each(|member| self.resolve(member, open));
            return;
        };
        if open.contains(&reference.name) {
            match reference.key {
                "$ref" => *value = any_object(&mut SchemaGenerator::default()).to_value(),
                _ => members
                    .values_mut()
                    .for_each(|member| self.resolve(member, open)),
            }
            return;
        }
        let plain = members.keys().all(|key| {
            key == reference.key || matches!(key.as_str(), "description" | ONLY | REQUIRED)
        });
        if plain && self.is_shared(&reference) {
            members.shift_remove(reference.key);
            let target = format!("{REFERENCE}{}", reference.written);
            members.insert("$ref".to_owned(), Value::String(target));
            return;
        }
        let Some(Value::Object(mut meant)) = self.raw.get(&reference.name).cloned() else {
            return;
        };
        // A choice may be none as a choice of its own: what stands beside it is not among its arms.
        if reference.key == "anyOf" && !plain && is_choice(&meant) {
            let mut arm = Value::Object(meant);
            open.push(reference.name);
            self.resolve(&mut arm, open);
            open.pop();
            members
                .values_mut()
                .for_each(|member| self.resolve(member, open));
            if let Some(Value::Array(arms)) = members.get_mut("anyOf")
                && let Some(first) = arms.first_mut()
            {
                *first = arm;
            }
            return;
        }
        members.shift_remove(reference.key);
        meant.extend(std::mem::take(members));
        *value = Value::Object(meant);
        open.push(reference.name);
        self.resolve(value, open);
        open.pop();
    }

    /// Finishes a definition, unless it must be written out where it is used.
    fn is_shared(&mut self, reference: &Reference) -> bool {
        match self.states.get(&reference.name) {
            Some(state) => return *state == State::Shared,
            None => self.states.insert(reference.name.clone(), State::Open),
        };
        let raw = self.raw.get(&reference.name).cloned().unwrap_or_default();
        let marked = [ONLY, REQUIRED].iter().any(|mark| raw.get(mark).is_some());
        let mut named = Vec::new();
        self.references_of(&raw, &mut named);
        let mut shared = raw.is_object() && !marked;
        for inner in named {
            shared &= self.is_shared(&inner);
        }
        let state = match shared {
            true => State::Shared,
            false => State::WrittenOut,
        };
        self.states.insert(reference.name.clone(), state);
        if shared {
            let finished = self.finish(raw);
            self.finished.insert(reference.written.clone(), finished);
        }
        shared
    }

    fn references_of(&self, value: &Value, found: &mut Vec<Reference>) {
        match value {
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.references_of(item, found)),
            Value::Object(members) => {
                if members.contains_key("$ref") {
                    found.extend(self.reference(members));
                }
                members
                    .values()
                    .for_each(|member| self.references_of(member, found));
            }
            _ => {}
        }
    }

    /// The definition that is meant, or of which there may be none.
    fn reference(&self, members: &Map<String, Value>) -> Option<Reference> {
        if let Some(target) = members.get("$ref") {
            return self.named("$ref", target);
        }
        let [Value::Object(some), none] = members.get("anyOf")?.as_array()?.as_slice() else {
            return None;
        };
        let is_option = some.len() == 1 && none.get("type")?.as_str() == Some("null");
        self.named("anyOf", some.get("$ref").filter(|_| is_option)?)
    }

    fn named(&self, key: &'static str, target: &Value) -> Option<Reference> {
        let written = target.as_str()?.strip_prefix(REFERENCE)?;
        let known = |name: &str| self.raw.contains_key(name).then(|| name.to_owned());
        let name = known(written).or_else(|| known(&decoded(written)))?;
        Some(Reference {
            key,
            written: written.to_owned(),
            name,
        })
    }
}

/// Whether schemars keeps what may be none as an arm of its own.
fn is_choice(definition: &Map<String, Value>) -> bool {
    ["if", "allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .any(|key| definition.contains_key(*key))
}

/// A name as it stands in a reference: percent signs, and `~` of JSON pointers.
fn decoded(written: &str) -> String {
    let mut bytes = Vec::with_capacity(written.len());
    let mut parts = written.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        match part.get(..2).map(|code| u8::from_str_radix(code, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            _ => {
                bytes.push(b'%');
                bytes.extend(part.bytes());
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.replace("~1", "/").replace("~0", "~")
}
