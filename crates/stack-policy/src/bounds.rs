//! What a policy can be about at most, so that no object is held against the policies of all other namespaces and kinds.

use std::collections::{BTreeSet, HashMap};

/// What a policy can be about at most, as far as it says so by plain names. Whether it is about an object, only the whole of it
/// tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Only objects that live in these namespaces, and these Namespaces themselves. `None`: in any.
    pub namespaces: Option<BTreeSet<String>>,
    /// Whether `namespaces` leave objects alone that live in none.
    pub cluster_wide: bool,
    /// Only objects of these kinds, by whichever name the engine has for kinds. `None`: of any.
    pub kinds: Option<BTreeSet<String>>,
}

impl Bounds {
    /// What is about nothing at all.
    pub(crate) fn nothing() -> Self {
        Self {
            namespaces: Some(BTreeSet::new()),
            cluster_wide: false,
            kinds: Some(BTreeSet::new()),
        }
    }

    /// What either of two is about.
    pub(crate) fn or(self, other: Self) -> Self {
        let both = |one: Option<BTreeSet<String>>, other: Option<BTreeSet<String>>| {
            let (mut one, mut other) = (one?, other?);
            one.append(&mut other);
            Some(one)
        };
        Self {
            namespaces: both(self.namespaces, other.namespaces),
            cluster_wide: self.cluster_wide || other.cluster_wide,
            kinds: both(self.kinds, other.kinds),
        }
    }
}

/// Policies by their bounds.
///
/// ```
/// use stack_policy::{Bounded, Bounds};
///
/// let of_shop = Bounds { namespaces: Some(["shop".to_owned()].into()), ..Bounds::default() };
/// let policies = Bounded::new([of_shop, Bounds::default()]);
/// assert_eq!(policies.about(Some("shop"), "Pod"), [0, 1]);
/// assert_eq!(policies.about(Some("bank"), "Pod"), [1]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bounded {
    of_namespaces: HashMap<String, ByKind>,
    anywhere: ByKind,
    cluster_wide: ByKind,
}

#[derive(Clone, Debug, Default)]
struct ByKind {
    of_kinds: HashMap<String, Vec<usize>>,
    of_any: Vec<usize>,
}

impl ByKind {
    fn add(&mut self, policy: usize, bounds: &Bounds) {
        match &bounds.kinds {
            None => self.of_any.push(policy),
            Some(kinds) => {
                for kind in kinds {
                    let policies = self.of_kinds.entry(kind.clone()).or_default();
                    policies.push(policy);
                }
            }
        }
    }

    fn about(&self, kind: &str) -> impl Iterator<Item = usize> {
        let of_kind = self.of_kinds.get(kind).into_iter().flatten();
        of_kind.chain(&self.of_any).copied()
    }
}

impl Bounded {
    /// Policies with these bounds.
    pub fn new(bounds: impl IntoIterator<Item = Bounds>) -> Self {
        let mut bounded = Self::default();
        for (policy, bounds) in bounds.into_iter().enumerate() {
            match &bounds.namespaces {
                None => bounded.anywhere.add(policy, &bounds),
                Some(namespaces) => {
                    for namespace in namespaces {
                        let of_namespace = bounded.of_namespaces.entry(namespace.clone());
                        of_namespace.or_default().add(policy, &bounds);
                    }
                }
            }
            if bounds.namespaces.is_none() || bounds.cluster_wide {
                bounded.cluster_wide.add(policy, &bounds);
            }
        }
        bounded
    }

    /// The places, in the order in which they were given, of the policies that can be about an object of a kind that lives in a
    /// namespace, or [is one](crate::Case::home).
    pub fn about(&self, namespace: Option<&str>, kind: &str) -> Vec<usize> {
        let mut policies: Vec<usize> = match namespace {
            None => self.cluster_wide.about(kind).collect(),
            Some(namespace) => {
                let own = self.of_namespaces.get(namespace);
                let own = own.into_iter().flat_map(|of| of.about(kind));
                own.chain(self.anywhere.about(kind)).collect()
            }
        };
        policies.sort_unstable();
        policies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination of bounds, and every object that they tell apart.
    #[test]
    fn those_are_found_whose_bounds_hold_an_object() {
        let names = |names: &[&str]| -> Option<BTreeSet<String>> {
            Some(names.iter().map(|name| (*name).to_owned()).collect())
        };
        let mut all = Vec::new();
        for namespaces in [None, names(&[]), names(&["a"]), names(&["a", "b"])] {
            for kinds in [None, names(&[]), names(&["Pod"]), names(&["Pod", "Job"])] {
                for cluster_wide in [false, true] {
                    all.push(Bounds {
                        namespaces: namespaces.clone(),
                        cluster_wide,
                        kinds: kinds.clone(),
                    });
                }
            }
        }
        let bounded = Bounded::new(all.clone());
        for namespace in [None, Some("a"), Some("b"), Some("c")] {
            for kind in ["Pod", "Job", "Node"] {
                let holds = |bounds: &Bounds| {
                    let by_kind = bounds.kinds.as_ref().is_none_or(|all| all.contains(kind));
                    let by_place = match (&bounds.namespaces, namespace) {
                        (None, _) => true,
                        (Some(_), None) => bounds.cluster_wide,
                        (Some(all), Some(namespace)) => all.contains(namespace),
                    };
                    by_kind && by_place
                };
                let expected: Vec<usize> = (0..all.len()).filter(|at| holds(&all[*at])).collect();
                assert_eq!(bounded.about(namespace, kind), expected);
            }
        }
    }
}
