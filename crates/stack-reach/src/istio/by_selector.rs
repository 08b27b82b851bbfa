//! Policies of the mesh by what they ask of pods, so that nobody asks every policy about every pod.

use std::hash::BuildHasher as _;

use foldhash::HashMap;
use foldhash::fast::RandomState;

use crate::world::{LabelMap, Pod};

/// Places in a list of policies, by namespace and one label of the selector.
#[derive(Clone, Debug, Default)]
pub(super) struct BySelector {
    hasher: RandomState,
    /// By the hash of a namespace and a label; `None` for a selector that asks for none. Hashes may coincide: who asks compares
    /// anyway.
    places: HashMap<u64, Vec<usize>>,
}

impl BySelector {
    /// Of the namespaces and selectors of a list, in its order.
    pub(super) fn of<'p>(policies: impl IntoIterator<Item = (&'p str, &'p LabelMap)>) -> Self {
        let mut index = Self::default();
        for (place, (namespace, selector)) in policies.into_iter().enumerate() {
            let key = index.key(namespace, selector.iter().next());
            index.places.entry(key).or_default().push(place);
        }
        index
    }

    /// The places of policies among which are all of these namespaces that select a pod, in the order of the list.
    pub(super) fn candidates(&self, namespaces: &[&str], labels: &LabelMap) -> Vec<usize> {
        let mut found = Vec::new();
        for namespace in namespaces {
            let labels = labels.iter().map(Some);
            for label in std::iter::once(None).chain(labels) {
                let places = self.places.get(&self.key(namespace, label));
                found.extend(places.into_iter().flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The same for a pod: policies of its own namespace and of the mesh's.
    pub(super) fn of_pod(&self, pod: &Pod, root: &str) -> Vec<usize> {
        self.candidates(&[&pod.name.namespace, root], &pod.labels)
    }

    fn key(&self, namespace: &str, label: Option<(&str, &str)>) -> u64 {
        self.hasher.hash_one((namespace, label))
    }
}
