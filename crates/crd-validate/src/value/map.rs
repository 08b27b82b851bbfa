//! The members of an object, in the order in which they came.

use std::collections::HashMap;
use std::fmt;
use std::slice;

use serde::{Serialize, Serializer};

use super::{Text, Value};

/// Members of distinct keys. Those of a small object are compared one by one, which costs less than hashing; a large one has an
/// index, so that looking for each of its keys takes time in proportion. Most members that rules ask for are not there: for these
/// the marks of all keys suffice.
#[derive(Clone, Default)]
pub(crate) struct Map {
    members: Vec<(Text, Value)>,
    /// The places of all keys, where there are more than [`SMALL`].
    places: Option<Box<Places>>,
    /// The [`mark`]s of all keys, and maybe of some that were taken out.
    marks: u64,
}

#[derive(Clone)]
struct Places(HashMap<Text, usize>);

/// Up to this many members are compared one by one.
const SMALL: usize = 24;

/// One of 64 bits, by the length of a key and its outermost letters: a key whose bit no member has is not there.
#[inline]
const fn mark(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let ends = match bytes {
        [] => 0,
        [first, ..] => (*first as u32) << 16 | (bytes[bytes.len() - 1] as u32) << 8,
    };
    // The low byte of a length tells enough lengths apart.
    let number = ends | (bytes.len() as u32 & 0xff);
    1 << (number.wrapping_mul(0x9e37_79b1) >> 26)
}

impl Map {
    pub(crate) const fn new() -> Self {
        Self {
            members: Vec::new(),
            places: None,
            marks: 0,
        }
    }

    /// Members of which no key is there twice.
    pub(crate) fn of_distinct(members: Vec<(Text, Value)>) -> Self {
        let marks = members.iter().map(|(key, _)| mark(key));
        let mut map = Self {
            marks: marks.fold(0, |all, mark| all | mark),
            members,
            places: None,
        };
        map.index();
        map
    }

    /// Makes the index anew, where there is to be one.
    fn index(&mut self) {
        self.places = (self.members.len() > SMALL).then(|| {
            let keys = self.members.iter().enumerate();
            let places = keys.map(|(place, (key, _))| (key.clone(), place));
            Box::new(Places(places.collect()))
        });
    }

    #[inline]
    fn place(&self, key: &str) -> Option<usize> {
        match self.marks & mark(key) {
            0 => None,
            _ => self.search(key),
        }
    }

    fn search(&self, key: &str) -> Option<usize> {
        match &self.places {
            None => self
                .members
                .iter()
                .position(|(name, _)| name.as_str() == key),
            Some(places) => places.0.get(key).copied(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    #[inline]
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.place(key).map(|place| &self.members[place].1)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.place(key).map(|place| &mut self.members[place].1)
    }

    pub(crate) fn get_key_value(&self, key: &str) -> Option<(&Text, &Value)> {
        let (key, value) = &self.members[self.place(key)?];
        Some((key, value))
    }

    #[inline]
    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// Puts a value in the place of the one that the key had, or adds a member; returns the value that was there.
    pub(crate) fn insert(
        &mut self,
        key: impl Into<Text> + AsRef<str>,
        value: Value,
    ) -> Option<Value> {
        match self.place(key.as_ref()) {
            Some(place) => Some(std::mem::replace(&mut self.members[place].1, value)),
            None => {
                self.push(key.into(), value);
                None
            }
        }
    }

    fn push(&mut self, key: Text, value: Value) {
        let place = self.members.len();
        self.marks |= mark(&key);
        match &mut self.places {
            Some(places) => {
                places.0.insert(key.clone(), place);
                self.members.push((key, value));
            }
            None => {
                self.members.push((key, value));
                if place >= SMALL {
                    self.index();
                }
            }
        }
    }

    /// The place of a key, to be filled where it is free.
    pub(crate) fn entry<K: Into<Text> + AsRef<str>>(&mut self, key: K) -> Entry<'_, K> {
        Entry { map: self, key }
    }

    /// Takes a member out; the others keep their order.
    pub(crate) fn shift_remove(&mut self, key: &str) -> Option<Value> {
        let (_, value) = self.members.remove(self.place(key)?);
        if self.places.is_some() {
            self.index();
        }
        Some(value)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Text, &mut Value) -> bool) {
        let before = self.members.len();
        self.members.retain_mut(|(key, value)| keep(key, value));
        if self.members.len() < before && self.places.is_some() {
            self.index();
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }

    pub(crate) fn iter(&self) -> Members<'_> {
        Members(self.members.iter())
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Text, &mut Value)> {
        self.members.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &Text> + ExactSizeIterator {
        self.members.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.members.iter().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.members.iter_mut().map(|(_, value)| value)
    }
}

/// The place of a key.
pub(crate) struct Entry<'m, K> {
    map: &'m mut Map,
    key: K,
}

impl<'m, K: Into<Text> + AsRef<str>> Entry<'m, K> {
    /// What stands there, which is made where nothing does.
    pub(crate) fn or_insert_with(self, make: impl FnOnce() -> Value) -> &'m mut Value {
        let place = match self.map.place(self.key.as_ref()) {
            Some(place) => place,
            None => {
                self.map.push(self.key.into(), make());
                self.map.members.len() - 1
            }
        };
        &mut self.map.members[place].1
    }

    /// What stands there, or else this.
    pub(crate) fn or_insert(self, value: Value) -> &'m mut Value {
        self.or_insert_with(|| value)
    }
}

/// The members of an object, one after the other.
#[derive(Clone)]
pub(crate) struct Members<'v>(slice::Iter<'v, (Text, Value)>);

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
        self.members.into_iter()
    }
}

impl<K: Into<Text> + AsRef<str>> FromIterator<(K, Value)> for Map {
    /// Of several members of one key the last value counts, in the place of the first.
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        let mut map = Self::new();
        map.extend(members);
        map
    }
}

impl<K: Into<Text> + AsRef<str>> Extend<(K, Value)> for Map {
    fn extend<I: IntoIterator<Item = (K, Value)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

/// Equal members in whatever order.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map as JsonMap, Value as Json};

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u8, u8),
        Remove(u8),
        Keep(u8),
        Make(u8, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            5 => (0_u8..60, any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
            2 => (0_u8..60, any::<u8>()).prop_map(|(key, value)| Step::Make(key, value)),
            1 => (0_u8..60).prop_map(Step::Remove),
            1 => (2_u8..9).prop_map(Step::Keep),
        ]
    }

    proptest! {
        /// Small and large, with the index and without.
        #[test]
        fn members_are_those_of_serde_json(steps in prop::collection::vec(step(), 0..160)) {
            let (mut ours, mut theirs) = (Map::new(), JsonMap::new());
            for step in steps {
                match step {
                    Step::Insert(key, value) => {
                        let before = ours.insert(key.to_string(), Value::from(u64::from(value)));
                        let other = theirs.insert(key.to_string(), Json::from(value));
                        prop_assert_eq!(before.map(|value| value.to_json()), other);
                    }
                    Step::Make(key, value) => {
                        let made = ours.entry(key.to_string()).or_insert_with(|| u64::from(value).into());
                        let other = theirs.entry(key.to_string()).or_insert_with(|| value.into());
                        prop_assert_eq!(&made.to_json(), &*other);
                    }
                    Step::Remove(key) => {
                        let gone = ours.shift_remove(&key.to_string());
                        prop_assert_eq!(gone.map(|value| value.to_json()), theirs.shift_remove(&key.to_string()));
                    }
                    Step::Keep(factor) => {
                        ours.retain(|_, value| value.as_u64().unwrap_or_default() % u64::from(factor) != 0);
                        theirs.retain(|_, value| value.as_u64().unwrap_or_default() % u64::from(factor) != 0);
                    }
                }
                for key in 0_u8..60 {
                    let key = key.to_string();
                    prop_assert_eq!(ours.get(&key).map(Value::to_json), theirs.get(&key).cloned());
                }
            }
            let (ours, theirs) = (Value::Object(ours), Json::Object(theirs));
            prop_assert_eq!(ours.to_string(), theirs.to_string());
            prop_assert!(ours == Value::from(&theirs));
        }
    }
}
