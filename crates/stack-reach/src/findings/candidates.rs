//! Which pods the peers of a rule may mean: so that a rule is not asked about the pods of all others.

use std::borrow::Cow;

use stack_model::{Operator, Selector};

use crate::Reach;
use crate::policy::{Namespaces, PeerMatch};

/// The number of pods that are looked at for one rule, before it is left alone.
pub(super) const PATIENCE: usize = 400;

/// Some pods, in an order of their own.
pub(super) struct Candidates<'r> {
    reach: &'r Reach<'r>,
    pods: Vec<usize>,
    /// Where each pod of the world stands among them.
    places: Vec<Option<usize>>,
}

impl<'r> Candidates<'r> {
    pub(super) fn new(reach: &'r Reach<'_>, pods: Vec<usize>) -> Self {
        let mut places = vec![None; reach.world.pods.len()];
        for (place, &pod) in pods.iter().enumerate() {
            if let Some(slot) = places.get_mut(pod) {
                *slot = Some(place);
            }
        }
        Self {
            reach,
            pods,
            places,
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[usize] {
        &self.pods
    }

    /// Those that a rule's peers may mean, in the order of all.
    pub(super) fn of(&self, peers: Option<&[PeerMatch]>) -> Cow<'_, [usize]> {
        let lists = peers.and_then(|peers| {
            let lists: Option<Vec<Vec<&[usize]>>> =
                peers.iter().map(|peer| self.meant_by(peer)).collect();
            Some(lists?.concat())
        });
        // Whoever may mean most of them is quicker asked about all.
        let lists = lists.filter(|lists| {
            let meant: usize = lists.iter().map(|pods| pods.len()).sum();
            meant < self.pods.len() / 2
        });
        let Some(lists) = lists else {
            return Cow::Borrowed(&self.pods);
        };
        let pods = lists.into_iter().flatten();
        let places = pods.filter_map(|&pod| *self.places.get(pod)?);
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        places.dedup();
        Cow::Owned(places.into_iter().map(|place| self.pods[place]).collect())
    }

    /// Pods among which are all that a peer means; `None` where nothing narrows them down.
    fn meant_by<'s>(&'s self, peer: &'s PeerMatch) -> Option<Vec<&'s [usize]>> {
        let index = &self.reach.pods;
        let (homes, selector) = match peer {
            PeerMatch::Pods {
                namespaces: Namespaces::Named(name),
                pods,
            } => (Some(vec![name.as_str()]), pods),
            PeerMatch::Pods {
                namespaces: Namespaces::Labelled(labels),
                pods,
            } => (values(labels, "kubernetes.io/metadata.name"), pods),
            PeerMatch::Endpoints(selector) => {
                (values(selector, "io.kubernetes.pod.namespace"), selector)
            }
            PeerMatch::Among(pods) => return Some(vec![pods]),
            PeerMatch::Fqdn(_) | PeerMatch::Nodes(_) => return Some(Vec::new()),
            PeerMatch::Entity(_) | PeerMatch::Block { .. } | PeerMatch::Unknown(_) => return None,
        };
        Some(match homes {
            Some(homes) => homes
                .into_iter()
                .map(|home| index.candidates(Some(home), selector))
                .collect(),
            None => vec![index.candidates(None, selector)],
        })
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
