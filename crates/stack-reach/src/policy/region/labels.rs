//! Sets of label assignments: conjunctions of what is asked of each label, and what is left of one when others are taken away.

use std::collections::{BTreeMap, BTreeSet};

use stack_model::kube_value::Text;
use stack_model::{Operator, Requirement, Selector};

/// The values that one label may have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    /// Whether `values` are those that are meant, or those that are not.
    listed: bool,
    values: BTreeSet<Text>,
    /// Whether the label may be missing.
    absent: bool,
}

impl Label {
    /// `None` for operators that compare numbers.
    fn of(requirement: &Requirement) -> Option<Self> {
        let values = || requirement.values.iter().cloned().collect();
        let label = |listed, values, absent| Self {
            listed,
            values,
            absent,
        };
        Some(match requirement.operator {
            Operator::In => label(true, values(), false),
            Operator::NotIn => label(false, values(), true),
            Operator::Exists => label(false, BTreeSet::new(), false),
            Operator::DoesNotExist => label(true, BTreeSet::new(), true),
            Operator::Gt | Operator::Lt => return None,
        })
    }

    fn and(&self, other: &Self) -> Self {
        let values = match (self.listed, other.listed) {
            (true, true) => &self.values & &other.values,
            (true, false) => &self.values - &other.values,
            (false, true) => &other.values - &self.values,
            (false, false) => &self.values | &other.values,
        };
        Self {
            listed: self.listed || other.listed,
            values,
            absent: self.absent && other.absent,
        }
    }

    fn complement(&self) -> Self {
        Self {
            listed: !self.listed,
            values: self.values.clone(),
            absent: !self.absent,
        }
    }

    fn is_empty(&self) -> bool {
        self.listed && self.values.is_empty() && !self.absent
    }
}

/// All that have labels as is asked of each; a label that is not named may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cube(BTreeMap<Text, Label>);

impl Cube {
    /// What a selector selects; `Ok(None)` where that is nothing, an error where it compares numbers.
    pub(super) fn of(
        selector: &Selector,
        key: impl Fn(&str) -> Text,
    ) -> Result<Option<Self>, Unreadable> {
        if selector.is_nothing() {
            return Ok(None);
        }
        let mut cube = Self::default();
        for requirement in selector.requirements() {
            let label = Label::of(requirement).ok_or(Unreadable)?;
            match cube.with(key(&requirement.key), &label) {
                Some(narrower) => cube = narrower,
                None => return Ok(None),
            }
        }
        Ok(Some(cube))
    }

    /// The same where a label has this value, or none.
    pub(super) fn fixed(self, key: &str, value: Option<&str>) -> Option<Self> {
        let label = Label {
            listed: true,
            values: value.map(Text::from).into_iter().collect(),
            absent: value.is_none(),
        };
        self.with(key.into(), &label)
    }

    /// The only value that a label may have.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let label = self
            .0
            .get(key)
            .filter(|label| label.listed && !label.absent)?;
        match label.values.len() {
            1 => label.values.first().map(|value| &**value),
            _ => None,
        }
    }

    /// The labels that something is asked of.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|key| &**key)
    }

    fn with(mut self, key: Text, label: &Label) -> Option<Self> {
        let both = self
            .0
            .get(&key)
            .map_or_else(|| label.clone(), |own| own.and(label));
        if both.is_empty() {
            return None;
        }
        self.0.insert(key, both);
        Some(self)
    }

    /// What is in both; `None` where nothing is.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        other.0.iter().try_fold(self.clone(), |cube, (key, label)| {
            cube.with(key.clone(), label)
        })
    }

    /// What is left without another one, in pieces that do not overlap.
    pub(super) fn without(&self, other: &Self) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut rest = self.clone();
        for (key, label) in &other.0 {
            pieces.extend(rest.clone().with(key.clone(), &label.complement()));
            match rest.with(key.clone(), label) {
                Some(narrower) => rest = narrower,
                None => return pieces,
            }
        }
        pieces
    }

    /// Whether all of it is in another one.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.without(other).is_empty()
    }
}

#[cfg(test)]
impl Label {
    fn accepts(&self, value: Option<&str>) -> bool {
        match value {
            None => self.absent,
            Some(value) => self.values.contains(value) == self.listed,
        }
    }
}

/// A selector that compares numbers, which those of pods never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUES: [Option<&str>; 4] = [None, Some("a"), Some("b"), Some("other")];

    fn selector() -> impl Strategy<Value = Selector> {
        let operator = prop::sample::select(vec![
            Operator::In,
            Operator::NotIn,
            Operator::Exists,
            Operator::DoesNotExist,
        ]);
        let values = prop::sample::subsequence(vec!["a", "b"], 0..=2);
        let requirement = (prop::sample::select(vec!["x", "y"]), operator, values)
            .prop_map(|(key, operator, values)| Requirement::new(key, operator, values));
        prop::collection::vec(requirement, 0..4).prop_map(Selector::new)
    }

    fn cube(selector: &Selector) -> Option<Cube> {
        Cube::of(selector, |key| key.into()).unwrap()
    }

    fn contains(cube: &Cube, labels: &[(&str, Option<&str>)]) -> bool {
        cube.0.iter().all(|(key, label)| {
            let value = labels.iter().find(|(name, _)| *name == &**key);
            label.accepts(value.and_then(|(_, value)| *value))
        })
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_the_one_selects_and_the_other_does_not(a in selector(), b in selector()) {
            for x in VALUES {
                for y in VALUES {
                    let labels = [("x", x), ("y", y)];
                    let set: Vec<(&str, &str)> =
                        labels.iter().filter_map(|(key, value)| Some((*key, (*value)?))).collect();
                    let (in_a, in_b) = (a.matches(&set[..]), b.matches(&set[..]));
                    let left = match (cube(&a), cube(&b)) {
                        (None, _) => Vec::new(),
                        (Some(a), None) => vec![a],
                        (Some(a), Some(b)) => a.without(&b),
                    };
                    let found = left.iter().filter(|piece| contains(piece, &labels)).count();
                    prop_assert_eq!(found, usize::from(in_a && !in_b), "{:?} {:?}", labels, left);
                    let both = cube(&a).zip(cube(&b)).and_then(|(a, b)| a.and(&b));
                    let in_both = both.is_some_and(|both| contains(&both, &labels));
                    prop_assert_eq!(in_both, in_a && in_b);
                }
            }
        }
    }
}
