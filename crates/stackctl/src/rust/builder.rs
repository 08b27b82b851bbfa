//! What is known of an object that was read, and what makes expressions of it.

use std::collections::BTreeMap;

use kube_vocab::FieldPath;
use serde_json::Value;

use super::seed::Seed;

/// An object as it was read.
pub(super) struct Reading<'a> {
    /// What `Debug` prints.
    pub(super) debug: String,
    /// The object as it is written, which has its members in the order of the fields.
    pub(super) value: Value,
    /// What each part was read with.
    pub(super) seeds: Vec<(FieldPath, &'static str)>,
    /// The path of the root's type.
    pub(super) root: String,
    /// What it is.
    pub(super) is: Root,
    /// Whether another document can be read so, too.
    pub(super) reads: &'a dyn Fn(&Value) -> bool,
}

/// What is read as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Root {
    /// An object of our own kinds, which have a constructor `new`.
    Kind { namespaced: bool },
    /// An object of a kind that every cluster knows, which has a default.
    Core,
    /// A part of an object.
    Part,
}

/// Makes expressions for one object.
pub(super) struct Builder<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) seeds: BTreeMap<FieldPath, Seed>,
    /// Whether a type has a default, by its path; asked once.
    pub(super) defaults: &'a mut BTreeMap<String, bool>,
    /// How many parts the program reads from JSON.
    pub(super) opaque: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(reading: &'a Reading<'a>, defaults: &'a mut BTreeMap<String, bool>) -> Self {
        let seeds = reading.seeds.iter();
        let seeds = seeds.filter_map(|(path, name)| Some((path.clone(), Seed::read(name)?)));
        Self {
            reading,
            seeds: seeds.collect(),
            defaults,
            opaque: 0,
        }
    }
}
