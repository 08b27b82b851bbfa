//! Pods by namespace and label, so that nobody asks a selector about every pod.

use std::hash::BuildHasher as _;

use foldhash::HashMap;
use foldhash::fast::RandomState;
use stack_model::{Operator, Requirement, Selector};

use super::{LabelMap, World};

/// Pods by each of their labels, in the order of the world. All pods must be in the world by the time it is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodIndex {
    all: Vec<usize>,
    hasher: RandomState,
    in_namespace: HashMap<String, Vec<usize>>,
    /// By the hash of a namespace (`None` for pods of any), a key and a value. Hashes may coincide: who asks compares anyway.
    with_label: HashMap<u64, Vec<usize>>,
}

impl PodIndex {
    pub(crate) fn of(world: &World) -> Self {
        let mut index = Self {
            all: (0..world.pods.len()).collect(),
            ..Self::default()
        };
        for (number, pod) in world.pods.iter().enumerate() {
            let home = pod.name.namespace.as_str();
            match index.in_namespace.get_mut(home) {
                Some(pods) => pods.push(number),
                None => drop(index.in_namespace.insert(home.to_owned(), vec![number])),
            }
            for (key, value) in &pod.labels {
                for home in [Some(home), None] {
                    let label = index.hasher.hash_one((home, key, value));
                    index.with_label.entry(label).or_default().push(number);
                }
            }
        }
        index
    }

    /// Pods among which are all that a selector selects, of one namespace or of any: of those that its requirements name, the
    /// fewest.
    pub(crate) fn candidates(&self, namespace: Option<&str>, selector: &Selector) -> &[usize] {
        let of_labels = selector
            .requirements()
            .iter()
            .filter_map(own_label)
            .map(|(key, value)| self.labelled(namespace, key, value));
        self.fewest(namespace, of_labels)
    }

    /// The same for labels that must all be there.
    pub(crate) fn with_all(&self, namespace: Option<&str>, labels: &LabelMap) -> &[usize] {
        let of_labels = labels
            .iter()
            .map(|(key, value)| self.labelled(namespace, key, value));
        self.fewest(namespace, of_labels)
    }

    fn labelled(&self, namespace: Option<&str>, key: &str, value: &str) -> &[usize] {
        let label = self.hasher.hash_one((namespace, key, value));
        let pods = self.with_label.get(&label);
        pods.map_or(&[], Vec::as_slice)
    }

    fn fewest<'s>(
        &'s self,
        namespace: Option<&str>,
        of_labels: impl Iterator<Item = &'s [usize]>,
    ) -> &'s [usize] {
        let wide = match namespace {
            Some(home) => self.in_namespace.get(home).map_or(&[][..], Vec::as_slice),
            None => &self.all,
        };
        of_labels.fold(wide, |fewest, pods| match pods.len() < fewest.len() {
            true => pods,
            false => fewest,
        })
    }
}

/// The one label that a requirement asks for; `None` where it asks for anything else, or for what is no label of the pod itself.
fn own_label(requirement: &Requirement) -> Option<(&str, &str)> {
    let [value] = &*requirement.values else {
        return None;
    };
    let is_own = !requirement.key.starts_with("io.kubernetes.pod.")
        && !requirement.key.starts_with("io.cilium.k8s.")
        && !requirement.key.starts_with("reserved:");
    (requirement.operator == Operator::In && is_own).then_some((&requirement.key, value))
}
