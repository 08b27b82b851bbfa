//! The members of an object.

use std::fmt;
use std::slice;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::text::equal;
use crate::{Text, Value, shared};

/// The members of an object, in the order in which they were given.
#[derive(Clone, Default)]
pub struct Map(Held);

/// Up to this many members are compared one by one.
const SMALL: usize = 16;

#[derive(Clone)]
enum Held {
    Small(Arc<[(Text, Value)]>),
    Large(Arc<Large>),
}

impl Default for Held {
    fn default() -> Self {
        Self::Small(Arc::default())
    }
}

struct Large {
    members: Arc<[(Text, Value)]>,
    /// Places among the members, by their keys in alphabetical order.
    by_key: Box<[u32]>,
}

impl Map {
    /// An object of these members. Of several of one key the last value counts, in the place of the first.
    pub(crate) fn of(members: Vec<(Text, Value)>) -> Self {
        let mut by_key = order(&members);
        let same = |pair: &[u32]| members[pair[0] as usize].0 == members[pair[1] as usize].0;
        let members = match by_key.windows(2).any(same) {
            true => {
                let members = without_repetition(members, &by_key);
                by_key = order(&members);
                members
            }
            false => members,
        };
        Self::ordered(members.into(), by_key)
    }

    /// An object of members of which the caller knows that no key is there twice, which need not be looked at again. Where one is
    /// after all, one of its values is found.
    pub fn of_distinct(members: impl IntoIterator<Item = (Text, Value)>) -> Self {
        let members: Arc<[_]> = members.into_iter().collect();
        match members.len() <= SMALL {
            true => Self(Held::Small(members)),
            false => {
                let by_key = order(&members);
                Self::ordered(members, by_key)
            }
        }
    }

    /// As [`of_distinct`](Self::of_distinct), of the members from `first` on, which are taken out of the list. A small object shares
    /// its memory with an equal one that the same thread made in the same way before.
    pub fn shared(members: &mut Vec<(Text, Value)>, first: usize) -> Self {
        match members.len() - first <= SMALL {
            true => Self(Held::Small(shared::object(members, first))),
            false => Self::of_distinct(members.drain(first..)),
        }
    }

    fn ordered(members: Arc<[(Text, Value)]>, by_key: Vec<u32>) -> Self {
        Self(match members.len() <= SMALL {
            true => Held::Small(members),
            false => Held::Large(Arc::new(Large {
                members,
                by_key: by_key.into(),
            })),
        })
    }

    /// Where the members stand, if they may stand in several values.
    #[inline]
    pub(crate) fn shared_place(&self) -> Option<usize> {
        match &self.0 {
            Held::Small(members) if Arc::strong_count(members) > 1 => Some(shared::place(members)),
            _ => None,
        }
    }

    /// Where the members stand.
    #[inline]
    pub(crate) fn place(&self) -> usize {
        self.members().as_ptr().addr()
    }

    fn members(&self) -> &[(Text, Value)] {
        match &self.0 {
            Held::Small(members) => members,
            Held::Large(large) => &large.members,
        }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &self.0 {
            Held::Small(members) => members
                .iter()
                .find_map(|(name, value)| equal(name, key).then_some(value)),
            Held::Large(large) => {
                let name = |place: &u32| large.members[*place as usize].0.as_str();
                let found = large.by_key.binary_search_by(|place| name(place).cmp(key));
                Some(&large.members[large.by_key[found.ok()?] as usize].1)
            }
        }
    }

    /// Whether there is a member of this key, `null` or not.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All members.
    pub fn iter(&self) -> Members<'_> {
        Members(self.members().iter())
    }

    /// All keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Text> + ExactSizeIterator {
        self.members().iter().map(|(key, _)| key)
    }

    /// All values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.members().iter().map(|(_, value)| value)
    }

    /// The members themselves, to make another object of them.
    pub(crate) fn into_members(self) -> Vec<(Text, Value)> {
        self.members().to_vec()
    }
}

/// Places of members by their keys; of equal keys in the order of the members.
fn order(members: &[(Text, Value)]) -> Vec<u32> {
    // Whoever holds four billion members of one object has other worries.
    let mut places: Vec<u32> = (0..u32::try_from(members.len()).unwrap_or(u32::MAX)).collect();
    places.sort_by(|one, other| members[*one as usize].0.cmp(&members[*other as usize].0));
    places
}

fn without_repetition(members: Vec<(Text, Value)>, by_key: &[u32]) -> Vec<(Text, Value)> {
    // For each member the place of the value that counts; none for repetitions.
    let mut counts: Vec<Option<u32>> = vec![None; members.len()];
    let same = |one: &u32, other: &u32| members[*one as usize].0 == members[*other as usize].0;
    for places in by_key.chunk_by(same) {
        if let (Some(first), Some(last)) = (places.first(), places.last()) {
            counts[*first as usize] = Some(*last);
        }
    }
    let mut values: Vec<Value> = Vec::with_capacity(members.len());
    let mut keys = Vec::with_capacity(members.len());
    for (key, value) in members {
        keys.push(key);
        values.push(value);
    }
    keys.into_iter()
        .zip(counts)
        .filter_map(|(key, place)| Some((key, std::mem::take(&mut values[place? as usize]))))
        .collect()
}

/// The members of an object, one after the other. Made by [`Map::iter`].
#[derive(Clone, Debug)]
pub struct Members<'v>(slice::Iter<'v, (Text, Value)>);

impl<'v> Iterator for Members<'v> {
    type Item = (&'v Text, &'v Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members<'_> {}

impl<'v> IntoIterator for &'v Map {
    type Item = (&'v Text, &'v Value);
    type IntoIter = Members<'v>;

    fn into_iter(self) -> Members<'v> {
        self.iter()
    }
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_members().into_iter()
    }
}

/// Equal members in whatever order.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        let found = |place: usize, key: &Text| match other.members().get(place) {
            Some((other_key, value)) if other_key == key => Some(value),
            _ => other.get(key),
        };
        self.place() == other.place()
            || self.len() == other.len()
                && self
                    .iter()
                    .enumerate()
                    .all(|(place, (key, value))| found(place, key) == Some(value))
    }
}

impl Eq for Map {}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}
