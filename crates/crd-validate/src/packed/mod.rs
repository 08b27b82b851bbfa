//! Definitions as data: a text that is searched where it lies, and of which nothing is read that no object needs.
//!
//! The text has sorted lines, one for each kind and for each part of a schema:
//!
//! ```text
//! # Whatever people should know.
//! kind example.com Lamp * {"scope":"Namespaced","versions":[{"name":"v1",...,"schema":{"openAPIV3Schema":"Lamp:r"}}]}
//! part Lamp {"properties":{"spec":"LampSpec:r"},"type":"object"}
//! part LampSpec {"properties":{"watts":{"type":"integer"}},"x-kubernetes-validations":[...],"type":"object"}
//! ```
//!
//! A kind has its group, its name, the channel in which it is so (`*` for all), and the definition without what the name says
//! already. A part is a schema; where a text stands in place of a schema below it, it names another part, and behind the colon
//! what is known of that: `d`, it has a default; at it or below are `e`, embedded objects, `k`, sets or map lists, `r`, rules.

mod definition;
mod read;
mod write;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value as Json;

use crate::schema::{Part, Parts, Schema};
use crate::validator::{DefinitionError, Validator};

pub use write::{PackError, Packer};

/// The channel of what is the same in all.
const ALL: &str = "*";

/// Definitions in the form that a [`Packer`] writes, in which they are read when an object comes, part by part as the object
/// touches them. Registries that have the same `PackedDefinitions` share what was read.
///
/// ```
/// use crd_validate::{PackedDefinitions, Packer, Registry, UnknownFields};
/// use serde_json::json;
///
/// let crd = json!({
///     "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "lamps.example.com"},
///     "spec": {
///         "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
///             "type": "object",
///             "description": "Gives light.",
///             "properties": {"watts": {"type": "integer", "maximum": 60}}
///         }}}]
///     }
/// });
/// let mut packer = Packer::new();
/// packer.add("stable", &crd)?;
/// let text = packer.finish();
/// assert_eq!(text.lines().nth(1), Some(
///     r#"part Lamp {"properties":{"watts":{"maximum":60,"type":"integer"}},"type":"object"}"#
/// ));
///
/// // A program has the text in a file: `static LAMPS: PackedDefinitions = PackedDefinitions::new(include_str!("lamps.txt"));`
/// let lamps: &'static PackedDefinitions = Box::leak(Box::new(PackedDefinitions::new(text.leak())));
/// let mut registry = Registry::new();
/// registry.add_packed(lamps, "stable");
/// let lamp = json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "watts": 100});
/// let judgement = registry.judge(&lamp, UnknownFields::Refuse);
/// assert_eq!(judgement.report.findings[0].path.to_string(), "watts");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PackedDefinitions {
    text: &'static str,
    /// The parts that something refers to, so that those who refer to one share it.
    parts: Mutex<BTreeMap<Box<str>, Arc<Part>>>,
    fault: OnceLock<String>,
}

/// A kind as it stands in the text.
#[derive(Clone, Copy)]
pub(crate) struct PackedKind {
    home: &'static PackedDefinitions,
    pub(crate) group: &'static str,
    pub(crate) kind: &'static str,
    channel: &'static str,
    frame: &'static str,
}

impl fmt::Debug for PackedDefinitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedDefinitions")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl PackedDefinitions {
    /// Definitions in a text that a [`Packer`] wrote. Nothing is read yet: what is wrong with it is told as a note on the objects
    /// that are judged by it.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            parts: Mutex::new(BTreeMap::new()),
            fault: OnceLock::new(),
        }
    }

    /// The lines of the text.
    pub fn lines(&self) -> impl Iterator<Item = &'static str> {
        self.text.lines()
    }

    /// The groups and kinds that a channel has, in alphabetical order.
    pub fn kinds(
        &'static self,
        channel: &str,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        let known = self.in_channel(channel);
        known.map(|known| (known.group, known.kind))
    }

    /// A definition as a channel has it, for those who want to see what objects are judged by: names, scope and versions, and
    /// schemas without descriptions and references. `None` where the channel has no such kind.
    ///
    /// # Errors
    /// When the text is not one that a [`Packer`] wrote.
    pub fn definition(
        &'static self,
        channel: &str,
        group: &str,
        kind: &str,
    ) -> Option<Result<Json, DefinitionError>> {
        let mut known = self.in_channel(channel);
        let known = known.find(|known| known.group == group && known.kind == kind)?;
        Some(definition::written_out(known))
    }

    pub(crate) fn in_channel(&'static self, channel: &str) -> impl Iterator<Item = PackedKind> {
        let lines = self.text.lines().skip_while(|line| line.starts_with('#'));
        let kinds = lines.map_while(move |line| {
            let mut words = line.strip_prefix("kind ")?.splitn(4, ' ');
            Some(PackedKind {
                home: self,
                group: words.next()?,
                kind: words.next()?,
                channel: words.next()?,
                frame: words.next()?,
            })
        });
        kinds.filter(move |known| known.channel == ALL || known.channel == channel)
    }

    /// The schema of this name, as it stands in the text.
    fn find(&self, name: &str) -> Option<&'static str> {
        let (mut low, mut high) = (0, self.text.len());
        // Between the two, each the start of a line, is the line that is looked for.
        while low < high {
            let mut middle = low + (high - low) / 2;
            while !self.text.is_char_boundary(middle) {
                middle -= 1;
            }
            let start = self.text[low..middle].rfind('\n');
            let start = start.map_or(low, |before| low + before + 1);
            let end = self.text[start..].find('\n');
            let end = end.map_or(self.text.len(), |length| start + length);
            let line = &self.text[start..end];
            match order(line, name) {
                Ordering::Equal => return line.splitn(3, ' ').nth(2),
                Ordering::Less => low = end + 1,
                Ordering::Greater => high = start,
            }
        }
        None
    }

    fn read(&'static self, part: &Part) -> Result<Schema, String> {
        let text = self.find(part.name()).ok_or("there is no such part")?;
        let node = read::value(text).map_err(|error| error.to_string())?;
        let schema = Schema::compile_part(&node, self).map_err(|error| error.to_string())?;
        match schema.facts() == part.facts() {
            true => Ok(schema),
            false => Err("it is not what a reference says of it".to_owned()),
        }
    }
}

/// How a line stands to that of the part of a name.
fn order(line: &str, name: &str) -> Ordering {
    match line.strip_prefix("part ") {
        Some(rest) => {
            let own = rest.split(' ').next().unwrap_or_default();
            own.cmp(name)
        }
        // Comments and kinds.
        None => Ordering::Less,
    }
}

impl Parts for PackedDefinitions {
    fn part(&'static self, reference: &str) -> Arc<Part> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = parts.get(reference) {
            return Arc::clone(known);
        }
        let part = Arc::new(Part::new(reference, self));
        parts.insert(reference.into(), Arc::clone(&part));
        part
    }

    fn compile(&'static self, part: &Part) -> Schema {
        self.read(part).unwrap_or_else(|error| {
            self.fault
                .get_or_init(|| format!("part {}: {error}", part.name()));
            Schema {
                preserve_unknown: true,
                ..Schema::default()
            }
        })
    }

    fn fault(&self) -> Option<&str> {
        self.fault.get().map(String::as_str)
    }
}

impl PackedKind {
    pub(crate) fn validator(self) -> Result<Validator, DefinitionError> {
        let spec: Json = serde_json::from_str(self.frame)
            .map_err(|error| DefinitionError::Made(error.to_string()))?;
        Validator::of_parts(self.group, self.kind, spec, self.home)
    }
}
