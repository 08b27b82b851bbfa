//! Labels as a cluster has them by the thousand: few to an object, and many objects.

use stack_model::LabelSet;
use stack_model::kube_value::Text;

/// Labels or annotations by key. A few pairs in a row take a tenth of what a tree of them takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelMap(Box<[(Text, Text)]>);

impl LabelMap {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let place = self
            .0
            .binary_search_by(|(known, _)| known.as_str().cmp(key));
        Some(&self.0.get(place.ok()?)?.1)
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of their keys.
    pub(crate) fn iter(&self) -> Iter<'_> {
        let pair: fn(&(Text, Text)) -> (&str, &str) = |(key, value)| (key, value);
        self.0.iter().map(pair)
    }
}

/// The pairs of labels, one after the other.
pub(crate) type Iter<'l> =
    std::iter::Map<std::slice::Iter<'l, (Text, Text)>, fn(&'l (Text, Text)) -> (&'l str, &'l str)>;

impl<'l> IntoIterator for &'l LabelMap {
    type Item = (&'l str, &'l str);
    type IntoIter = Iter<'l>;

    fn into_iter(self) -> Iter<'l> {
        self.iter()
    }
}

impl<K: Into<Text>, V: Into<Text>> FromIterator<(K, V)> for LabelMap {
    /// Of several values of one key the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self::of(
            pairs
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl LabelMap {
    fn of(mut pairs: Vec<(Text, Text)>) -> Self {
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        pairs.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(&mut later.1, &mut earlier.1);
            }
            same
        });
        Self(pairs.into())
    }
}

impl<K: Into<Text>, V: Into<Text>, const N: usize> From<[(K, V); N]> for LabelMap {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl LabelSet for LabelMap {
    fn value(&self, key: &str) -> Option<&str> {
        self.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_key_counts_and_keys_come_in_order() {
        let labels = LabelMap::from([("b", "1"), ("a", "2"), ("b", "3")]);
        let pairs: Vec<(&str, &str)> = labels.iter().collect();
        assert_eq!(pairs, [("a", "2"), ("b", "3")]);
        assert_eq!(labels.get("b"), Some("3"));
        assert!(!labels.contains_key("c") && !labels.is_empty());
    }
}
