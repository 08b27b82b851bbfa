//! Schemas below schemas: those that stand there, and those that are compiled when an object first comes so far.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Schema;

/// What is known of a schema without compiling it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whether the node or one below has CEL rules.
    pub(crate) rules: bool,
    /// Whether the node or one below is a set or a map list.
    pub(crate) keyed_lists: bool,
    /// Whether the node or one below is an embedded object.
    pub(crate) embedded: bool,
    /// Whether the node itself has a default.
    pub(crate) default: bool,
}

impl Facts {
    /// Reads what [`Display`](fmt::Display) writes.
    pub(crate) fn read(letters: &str) -> Self {
        let has = |letter: char| letters.contains(letter);
        Self {
            rules: has('r'),
            keyed_lists: has('k'),
            embedded: has('e'),
            default: has('d'),
        }
    }

    /// What holds of a node with one child of these facts and another of those.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            rules: self.rules || other.rules,
            keyed_lists: self.keyed_lists || other.keyed_lists,
            embedded: self.embedded || other.embedded,
            default: self.default || other.default,
        }
    }
}

impl fmt::Display for Facts {
    /// A letter for each that holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [
            (self.default, "d"),
            (self.embedded, "e"),
            (self.keyed_lists, "k"),
            (self.rules, "r"),
        ];
        letters
            .into_iter()
            .filter(|(holds, _)| *holds)
            .try_for_each(|(_, letter)| f.write_str(letter))
    }
}

/// Where schemas come from that others refer to by name.
pub(crate) trait Parts: fmt::Debug + Sync {
    /// What a reference means, the same for all who refer to it: a name and, after a colon, [`Facts`].
    fn part(&'static self, reference: &str) -> Arc<Part>;

    /// Compiles a part. In place of one that is none stands one that lets everything pass, and [`fault`](Self::fault)
    /// says so.
    fn compile(&'static self, part: &Part) -> Schema;

    /// Why parts that were asked for could not be compiled.
    fn fault(&self) -> Option<&str>;
}

/// A schema that is compiled when it is first needed.
pub(crate) struct Part {
    name: Box<str>,
    facts: Facts,
    home: &'static dyn Parts,
    schema: OnceLock<Schema>,
}

impl Part {
    pub(crate) fn new(reference: &str, home: &'static dyn Parts) -> Self {
        let (name, facts) = reference.split_once(':').unwrap_or((reference, ""));
        Self {
            name: name.into(),
            facts: Facts::read(facts),
            home,
            schema: OnceLock::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn facts(&self) -> Facts {
        self.facts
    }
}

impl fmt::Debug for Part {
    /// Its name: to print what it means, it would have to be compiled.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Part").field(&self.name).finish()
    }
}

/// A schema below another.
#[derive(Clone, Debug)]
pub(crate) enum Child {
    /// Compiled with what it is below; shared with the other places that have the same.
    Here(Arc<Schema>),
    Part(Arc<Part>),
}

impl Child {
    pub(crate) fn facts(&self) -> Facts {
        match self {
            Self::Here(schema) => schema.facts(),
            Self::Part(part) => part.facts(),
        }
    }
}

impl Deref for Child {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        match self {
            Self::Here(schema) => schema,
            Self::Part(part) => part.schema.get_or_init(|| part.home.compile(part)),
        }
    }
}
