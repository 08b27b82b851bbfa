//! Labels as a cluster has them by the thousand: few to an object, and many objects.

use stack_model::LabelSet;

/// Labels or annotations by key. A few pairs in a row take a tenth of what a tree of them takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelMap(Box<[(String, String)]>);

impl LabelMap {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&String> {
        let place = self
            .0
            .binary_search_by(|(known, _)| known.as_str().cmp(key));
        Some(&self.0[place.ok()?].1)
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of their keys.
    pub(crate) fn iter(&self) -> Iter<'_> {
        let pair: fn(&(String, String)) -> (&String, &String) = |(key, value)| (key, value);
        self.0.iter().map(pair)
    }
}

/// The pairs of labels, one after the other.
pub(crate) type Iter<'l> = std::iter::Map<
    std::slice::Iter<'l, (String, String)>,
    fn(&'l (String, String)) -> (&'l String, &'l String),
>;

impl<'l> IntoIterator for &'l LabelMap {
    type Item = (&'l String, &'l String);
    type IntoIter = Iter<'l>;

    fn into_iter(self) -> Iter<'l> {
        self.iter()
    }
}

impl FromIterator<(String, String)> for LabelMap {
    /// Of several values of one key the last counts.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self::of(pairs.into_iter().collect())
    }
}

impl LabelMap {
    fn of(mut pairs: Vec<(String, String)>) -> Self {
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

impl<const N: usize> From<[(String, String); N]> for LabelMap {
    fn from(pairs: [(String, String); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl LabelSet for LabelMap {
    fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_key_counts_and_keys_come_in_order() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let labels = LabelMap::from([pair("b", "1"), pair("a", "2"), pair("b", "3")]);
        let pairs: Vec<(&String, &String)> = labels.iter().collect();
        assert_eq!(
            pairs,
            [(&"a".into(), &"2".into()), (&"b".into(), &"3".into())]
        );
        assert_eq!(labels.get("b").map(String::as_str), Some("3"));
        assert!(!labels.contains_key("c") && !labels.is_empty());
    }
}
