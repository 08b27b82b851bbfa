//! Sets of requests, kept once, with what has already been worked out about two of them.

use std::collections::HashMap;

use super::RequestSet;

/// A set by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(u32);

impl SetId {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(1);
}

/// Which requests are let through: for sure, and if something holds that the input does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Verdicts {
    pub(crate) sure: SetId,
    /// Includes what is sure.
    pub(crate) maybe: SetId,
}

impl Verdicts {
    pub(crate) const NONE: Self = Self {
        sure: SetId::NONE,
        maybe: SetId::NONE,
    };
    pub(crate) const ALL: Self = Self {
        sure: SetId::ALL,
        maybe: SetId::ALL,
    };
    /// Nothing for sure, and everything perhaps.
    pub(crate) const UNKNOWN: Self = Self {
        sure: SetId::NONE,
        maybe: SetId::ALL,
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Union,
    Intersection,
}

#[derive(Debug)]
pub(crate) struct RequestSets {
    sets: Vec<RequestSet>,
    numbers: HashMap<RequestSet, SetId>,
    known: HashMap<(Operation, SetId, SetId), Option<SetId>>,
    complements: HashMap<SetId, Option<SetId>>,
}

impl RequestSets {
    pub(crate) fn new() -> Self {
        let mut sets = Self {
            sets: Vec::new(),
            numbers: HashMap::new(),
            known: HashMap::new(),
            complements: HashMap::new(),
        };
        sets.id(RequestSet::none());
        sets.id(RequestSet::all());
        sets
    }

    pub(crate) fn id(&mut self, set: RequestSet) -> SetId {
        let set = if set.is_all() { RequestSet::all() } else { set };
        if let Some(&id) = self.numbers.get(&set) {
            return id;
        }
        let id = SetId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.sets.push(set.clone());
        self.numbers.insert(set, id);
        id
    }

    pub(crate) fn get(&self, id: SetId) -> &RequestSet {
        static NONE: RequestSet = RequestSet::none();
        self.sets.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// A set that is what it says for sure.
    pub(crate) fn sure(&mut self, set: RequestSet) -> Verdicts {
        let id = self.id(set);
        Verdicts {
            sure: id,
            maybe: id,
        }
    }

    pub(crate) fn union(&mut self, a: Verdicts, b: Verdicts) -> Verdicts {
        self.pairwise(Operation::Union, a, b)
    }

    pub(crate) fn intersection(&mut self, a: Verdicts, b: Verdicts) -> Verdicts {
        self.pairwise(Operation::Intersection, a, b)
    }

    /// What is sure becomes impossible, and the other way round.
    pub(crate) fn complement(&mut self, of: Verdicts) -> Verdicts {
        // A set that is too large to work out is unknown.
        Verdicts {
            sure: self.opposite(of.maybe).unwrap_or(SetId::NONE),
            maybe: self.opposite(of.sure).unwrap_or(SetId::ALL),
        }
    }

    fn pairwise(&mut self, operation: Operation, a: Verdicts, b: Verdicts) -> Verdicts {
        Verdicts {
            sure: self.work(operation, a.sure, b.sure).unwrap_or(SetId::NONE),
            maybe: self.work(operation, a.maybe, b.maybe).unwrap_or(SetId::ALL),
        }
    }

    fn opposite(&mut self, id: SetId) -> Option<SetId> {
        match id {
            SetId::NONE => return Some(SetId::ALL),
            SetId::ALL => return Some(SetId::NONE),
            _ => {}
        }
        if let Some(&known) = self.complements.get(&id) {
            return known;
        }
        let found = self.get(id).complement();
        let found = found.map(|set| self.id(set));
        self.complements.insert(id, found);
        found
    }

    fn work(&mut self, operation: Operation, a: SetId, b: SetId) -> Option<SetId> {
        match (operation, a, b) {
            _ if a == b => return Some(a),
            (Operation::Union, SetId::NONE, other) | (Operation::Union, other, SetId::NONE) => {
                return Some(other);
            }
            (Operation::Union, SetId::ALL, _) | (Operation::Union, _, SetId::ALL) => {
                return Some(SetId::ALL);
            }
            (Operation::Intersection, SetId::NONE, _)
            | (Operation::Intersection, _, SetId::NONE) => return Some(SetId::NONE),
            (Operation::Intersection, SetId::ALL, other)
            | (Operation::Intersection, other, SetId::ALL) => return Some(other),
            _ => {}
        }
        let key = (operation, a.min(b), a.max(b));
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let (x, y) = (self.get(a), self.get(b));
        let found = match operation {
            Operation::Union => Some(x.union(y)),
            Operation::Intersection => x.intersection(y),
        };
        let found = found.map(|set| self.id(set));
        self.known.insert(key, found);
        found
    }
}
