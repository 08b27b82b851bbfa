//! Which pods the peers of a rule may mean: so that a rule for one namespace is not asked about the pods of all others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use stack_model::{Operator, Selector};

use crate::Reach;
use crate::policy::{Namespaces, PeerMatch};

/// Some pods, in an order of their own, and where those of each namespace stand in it.
pub(super) struct Candidates<'r> {
    pods: Vec<usize>,
    by_namespace: BTreeMap<&'r str, Vec<usize>>,
}

impl<'r> Candidates<'r> {
    pub(super) fn new(reach: &'r Reach<'_>, pods: Vec<usize>) -> Self {
        let mut by_namespace: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, &pod) in pods.iter().enumerate() {
            if let Some(pod) = reach.world.pods.get(pod) {
                let places = by_namespace.entry(&pod.name.namespace).or_default();
                places.push(place);
            }
        }
        Self { pods, by_namespace }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[usize] {
        &self.pods
    }

    /// Those that a rule's peers may mean, in the order of all: everyone where no namespace is named.
    pub(super) fn of(&self, peers: Option<&[PeerMatch]>) -> Cow<'_, [usize]> {
        let named: Option<Vec<&str>> = peers.and_then(|peers| {
            let names: Option<Vec<Vec<&str>>> = peers.iter().map(namespaces).collect();
            Some(names?.concat())
        });
        let Some(mut named) = named else {
            return Cow::Borrowed(&self.pods);
        };
        named.sort_unstable();
        named.dedup();
        let places = named.iter().filter_map(|name| self.by_namespace.get(name));
        let mut places: Vec<usize> = places.flatten().copied().collect();
        places.sort_unstable();
        Cow::Owned(places.into_iter().map(|place| self.pods[place]).collect())
    }
}

/// The namespaces outside of which a peer means no pod; `None` where nothing says so.
fn namespaces(peer: &PeerMatch) -> Option<Vec<&str>> {
    match peer {
        PeerMatch::Pods {
            namespaces: Namespaces::Named(name),
            ..
        } => Some(vec![name]),
        PeerMatch::Pods {
            namespaces: Namespaces::Labelled(labels),
            ..
        } => values(labels, "kubernetes.io/metadata.name"),
        PeerMatch::Endpoints(selector) => values(selector, "io.kubernetes.pod.namespace"),
        _ => None,
    }
}

fn values<'s>(selector: &'s Selector, key: &str) -> Option<Vec<&'s str>> {
    let mut requirements = selector.requirements().iter();
    let named = requirements.find(|requirement| {
        let written = &*requirement.key;
        let written = written.strip_prefix("k8s:").unwrap_or(written);
        written == key && requirement.operator == Operator::In
    })?;
    Some(named.values.iter().map(|value| &**value).collect())
}
