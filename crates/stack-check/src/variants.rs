//! Objects that several files describe in different ways, and the folders that hold alternatives.

use std::collections::{BTreeMap, HashMap, HashSet};

use stack_model::{Entry, EntryId, Model};

/// What is known of variants: of which objects the input has several, and which folders therefore hold no stack as a whole.
#[derive(Debug, Default)]
pub(crate) struct Variants<'m> {
    /// Objects of which another file has a different description: one is applied here, the other there.
    ambiguous: HashSet<EntryId>,
    /// The namespaces of such objects.
    namespaces: HashSet<&'m str>,
    /// Folders in which two files describe one object in different ways, with the first such object by its place in the input.
    collections: BTreeMap<&'m str, &'m Entry>,
    /// Folders that describe one object in different ways have the same number.
    alternatives: HashMap<&'m str, usize>,
}

impl<'m> Variants<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        let mut found = Self::default();
        let mut folders = Classes::default();
        for group in groups(model) {
            let Some(last) = group.last() else { continue };
            // What releases bring is all applied.
            let release = &last.origin().release;
            let of_release = group
                .iter()
                .copied()
                .filter(|entry| entry.origin().release == *release);
            let members: Vec<&Entry> = of_release.collect();
            if !differ(&members) {
                continue;
            }
            found.ambiguous.insert(last.entry_id());
            found.namespaces.extend(last.namespace());
            // Many files repeat the Namespace that they are for, with more labels or with fewer.
            if last.is("", "Namespace") {
                continue;
            }
            let mut by_folder: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
            for entry in members {
                if let Some(folder) = folder_of(entry) {
                    by_folder.entry(folder).or_default().push(entry);
                }
            }
            folders.join(by_folder.keys().copied());
            for (folder, members) in by_folder {
                if let (true, Some(member)) = (differ(&members), members.last()) {
                    let first = found.collections.entry(folder).or_insert(member);
                    if member.entry_id() < first.entry_id() {
                        *first = member;
                    }
                }
            }
        }
        found.alternatives = folders.numbers();
        found
    }

    /// Whether another file describes the object differently, so that nobody knows which of the two counts.
    pub(crate) fn is_ambiguous(&self, entry: &Entry) -> bool {
        self.ambiguous.contains(&entry.entry_id())
    }

    /// Whether a namespace has an object of which that is so.
    pub(crate) fn has_in(&self, namespace: &str) -> bool {
        self.namespaces.contains(namespace)
    }

    /// Whether two files of a folder describe one object in different ways: then the folder holds alternatives, not a stack.
    pub(crate) fn is_collection(&self, folder: &str) -> bool {
        self.collections.contains_key(folder)
    }

    /// The collections, each with an object of which it has several variants.
    pub(crate) fn collections(&self) -> impl Iterator<Item = (&'m str, &'m Entry)> {
        self.collections
            .iter()
            .map(|(folder, entry)| (*folder, *entry))
    }

    /// Whether a folder describes an object differently than another one.
    pub(crate) fn has_alternatives(&self, folder: &str) -> bool {
        self.alternatives.contains_key(folder)
    }

    /// Whether files of two folders, or of one, are alternatives of which one is applied here and the other there. Which file of a
    /// collection goes with those of another folder, nobody knows.
    pub(crate) fn are_alternatives(&self, one: &str, other: &str) -> bool {
        if self.is_collection(one) || self.is_collection(other) {
            return true;
        }
        let number = self.alternatives.get(one);
        number.is_some() && number == self.alternatives.get(other)
    }
}

/// The folder of the file that an object was read from.
pub(crate) fn folder_of(entry: &Entry) -> Option<&str> {
    let file = entry.origin().file.as_deref()?;
    Some(file.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// The documents of each object that has several; the one that counts is the last.
fn groups(model: &Model) -> impl Iterator<Item = Vec<&Entry>> {
    let mut open: HashMap<EntryId, Vec<&Entry>> = HashMap::new();
    for duplicate in model.duplicates() {
        let earlier = duplicate.earlier;
        let mut group = open
            .remove(&earlier.entry_id())
            .unwrap_or_else(|| vec![earlier]);
        group.push(duplicate.later);
        open.insert(duplicate.later.entry_id(), group);
    }
    open.into_values()
}

/// Whether documents of several files describe an object in several ways.
fn differ(members: &[&Entry]) -> bool {
    let some = |test: fn(&Entry, &Entry) -> bool| {
        let mut pairs = members.windows(2);
        pairs.any(|pair| matches!(pair, [one, other] if test(one, other)))
    };
    some(|one, other| one.origin().file != other.origin().file)
        && some(|one, other| one.value() != other.value())
}

/// Sets of folders that grow together.
#[derive(Default)]
struct Classes<'m> {
    number_of: HashMap<&'m str, usize>,
    parents: Vec<usize>,
}

impl<'m> Classes<'m> {
    /// Puts folders into one class; one folder alone is in none.
    fn join(&mut self, folders: impl ExactSizeIterator<Item = &'m str>) {
        if folders.len() < 2 {
            return;
        }
        let mut first = None;
        for folder in folders {
            let next = self.parents.len();
            let number = *self.number_of.entry(folder).or_insert(next);
            if number == next {
                self.parents.push(next);
            }
            let root = self.root(number);
            let first = *first.get_or_insert(root);
            self.parents[root] = first;
        }
    }

    fn root(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            // Each step makes the way of the next one shorter.
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    fn numbers(mut self) -> HashMap<&'m str, usize> {
        let numbers = std::mem::take(&mut self.number_of);
        numbers
            .into_iter()
            .map(|(folder, number)| (folder, self.root(number)))
            .collect()
    }
}
