//! Objects by the hash of what they are looked for by.

use std::collections::hash_map::Entry as Slot;
use std::hash::{BuildHasher as _, Hash};

use foldhash::HashMap;
use foldhash::fast::RandomState;

use crate::EntryId;

/// Places of objects by a short hash: the keys themselves stand in the objects, and most of a model's index is this. Hashes may
/// coincide; whoever asks compares what is there.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    hasher: RandomState,
    places: HashMap<u32, Place>,
    lists: Vec<Vec<EntryId>>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// The only object of its hash, as nearly all are.
    One(EntryId),
    /// The number of the list of the others.
    Listed(u32),
}

impl Buckets {
    pub fn reserve(&mut self, objects: usize) {
        self.places.reserve(objects);
    }

    fn hash(&self, key: impl Hash) -> u32 {
        // Half of it is enough, and is meant.
        self.hasher.hash_one(key) as u32
    }

    /// What was put under this key, in that order; perhaps with what was put under others.
    pub fn get(&self, key: impl Hash) -> &[EntryId] {
        match self.places.get(&self.hash(key)) {
            None => &[],
            Some(Place::One(id)) => std::slice::from_ref(id),
            Some(Place::Listed(list)) => &self.lists[*list as usize],
        }
    }

    /// Puts an object behind those that are under its key.
    pub fn add(&mut self, key: impl Hash, id: EntryId) {
        let hash = self.hash(key);
        self.add_under(hash, id);
    }

    /// Puts an object in the place of the one under its key that it replaces, which is told; or behind them.
    pub fn replace(
        &mut self,
        key: impl Hash,
        id: EntryId,
        mut is_replaced: impl FnMut(EntryId) -> bool,
    ) -> Option<EntryId> {
        let hash = self.hash(key);
        let others = match self.places.get_mut(&hash) {
            None => &mut [],
            Some(Place::One(other)) => std::slice::from_mut(other),
            Some(Place::Listed(list)) => self.lists[*list as usize].as_mut_slice(),
        };
        if let Some(other) = others.iter_mut().find(|other| is_replaced(**other)) {
            return Some(std::mem::replace(other, id));
        }
        self.add_under(hash, id);
        None
    }

    fn add_under(&mut self, hash: u32, id: EntryId) {
        match self.places.entry(hash) {
            Slot::Vacant(free) => drop(free.insert(Place::One(id))),
            Slot::Occupied(mut taken) => match *taken.get() {
                Place::Listed(list) => self.lists[list as usize].push(id),
                Place::One(first) => {
                    // There are fewer lists than objects, whose numbers fit.
                    taken.insert(Place::Listed(self.lists.len() as u32));
                    self.lists.push(vec![first, id]);
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_hash_share_a_list_and_one_object_takes_the_place_of_another() {
        let mut buckets = Buckets::default();
        // Among some hundred thousand keys, two have the same hash.
        let mut seen = HashMap::default();
        let (first, second) = (0u32..)
            .find_map(|key| Some((seen.insert(buckets.hash(key), key)?, key)))
            .unwrap();
        let [a, b, c, d] = [1, 2, 3, 4].map(EntryId);
        buckets.add(first, a);
        assert_eq!(buckets.get(second), [a]);
        buckets.add(second, b);
        assert_eq!(buckets.replace(first, c, |id| id == a), Some(a));
        assert_eq!(buckets.get(first), [c, b]);
        assert_eq!(buckets.replace(first, d, |id| id == a), None);
        assert_eq!(buckets.get(second), [c, b, d]);
        let other = (0..).find(|key| buckets.get(*key).is_empty()).unwrap();
        assert_eq!(buckets.replace(other, a, |_| true), None);
        assert_eq!(buckets.replace(other, b, |id| id == a), Some(a));
        assert_eq!(buckets.get(other), [b]);
    }
}
