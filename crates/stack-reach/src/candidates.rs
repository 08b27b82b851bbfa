//! Which pods the peers of a rule may mean: so that a rule is not asked about the pods of all others.

use std::borrow::Cow;
use std::net::IpAddr;

use stack_model::{Operator, Selector};

use crate::Reach;
use crate::address::Block;
use crate::policy::{EntityMatch, Namespaces, PeerMatch};

/// Some pods, in an order of their own.
pub(crate) struct Candidates<'r> {
    reach: &'r Reach<'r>,
    pods: Vec<usize>,
    /// Where each pod of the world stands among them.
    places: Vec<Option<usize>>,
    /// Their addresses from the lowest to the highest, each with the pod of the same place in the other list.
    addresses: Vec<IpAddr>,
    by_address: Vec<usize>,
}

impl<'r> Candidates<'r> {
    pub(crate) fn new(reach: &'r Reach<'_>, pods: Vec<usize>) -> Self {
        let mut places = vec![None; reach.world.pods.len()];
        for (place, &pod) in pods.iter().enumerate() {
            if let Some(slot) = places.get_mut(pod) {
                *slot = Some(place);
            }
        }
        let addressed = pods.iter().filter_map(|&pod| {
            let addresses = &reach.world.pods.get(pod)?.ips;
            Some(addresses.iter().map(move |address| (*address, pod)))
        });
        let mut addressed: Vec<(IpAddr, usize)> = addressed.flatten().collect();
        addressed.sort_unstable();
        let (addresses, by_address) = addressed.into_iter().unzip();
        Self {
            reach,
            pods,
            places,
            addresses,
            by_address,
        }
    }

    /// Those with an address in a block.
    fn inside(&self, block: &Block) -> &[usize] {
        let first = self.addresses.partition_point(|ip| *ip < block.first());
        let end = self.addresses.partition_point(|ip| *ip <= block.last());
        self.by_address.get(first..end).unwrap_or_default()
    }

    /// Where a pod stands among them.
    pub(crate) fn place(&self, pod: usize) -> Option<usize> {
        *self.places.get(pod)?
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[usize] {
        &self.pods
    }

    /// Those that a rule's peers may mean, in the order of all.
    pub(crate) fn of(&self, peers: Option<&[PeerMatch]>) -> Cow<'_, [usize]> {
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
        let places = pods.filter_map(|&pod| self.place(pod));
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
            PeerMatch::Block { rule, pods: true } => return Some(vec![self.inside(&rule.block)]),
            PeerMatch::Entity(EntityMatch::All | EntityMatch::Cluster) => return None,
            // None of these is a pod.
            PeerMatch::Block { pods: false, .. }
            | PeerMatch::Entity(_)
            | PeerMatch::Fqdn(_)
            | PeerMatch::Nodes(_)
            | PeerMatch::Unknown(_) => return Some(Vec::new()),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use stack_model::Model;

    use super::*;
    use crate::policy::{KnownName, Peer, Truth};
    use crate::settings::Settings;

    fn pod() -> impl Strategy<Value = Value> {
        let address = (0_u8..4, 0_u8..8).prop_map(|(net, host)| format!("10.{net}.0.{host}"));
        let address = prop_oneof![4 => address, 1 => Just("fd00::1".to_owned())];
        ("[ab]", "[xy]", prop::collection::vec(address, 0..3)).prop_map(|(namespace, app, addresses)| {
            let addresses: Vec<Value> = addresses.iter().map(|ip| json!({"ip": ip})).collect();
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": namespace, "labels": {"app": app}},
                "spec": {"containers": [{"name": "main"}]}, "status": {"podIPs": addresses}})
        })
    }

    fn block() -> impl Strategy<Value = String> {
        let block = (
            0_u8..4,
            0_u8..8,
            prop::sample::select(vec![0, 8, 14, 16, 30, 32]),
        );
        let block = block.prop_map(|(net, host, length)| format!("10.{net}.0.{host}/{length}"));
        prop_oneof![6 => block, 1 => Just("::/0".to_owned())]
    }

    /// A source of a NetworkPolicy.
    fn source() -> impl Strategy<Value = Value> {
        prop_oneof![
            4 => (block(), prop::option::of(block())).prop_map(|(cidr, except)| {
                let except: Vec<String> = except.into_iter().collect();
                json!({"ipBlock": {"cidr": cidr, "except": except}})
            }),
            1 => "[xyz]".prop_map(|app| json!({"podSelector": {"matchLabels": {"app": app}}})),
            1 => Just(json!({"namespaceSelector": {}})),
        ]
    }

    /// A rule of a CiliumNetworkPolicy.
    fn rule() -> impl Strategy<Value = Value> {
        let entities = [
            "all",
            "world",
            "cluster",
            "host",
            "remote-node",
            "kube-apiserver",
            "ingress",
            "health",
        ];
        prop_oneof![
            block().prop_map(|cidr| json!({"fromCIDR": [cidr]})),
            prop::sample::select(entities.to_vec())
                .prop_map(|entity| json!({"fromEntities": [entity]})),
            "[xyz]".prop_map(|app| json!({"fromEndpoints": [{"matchLabels": {"app": app}}]})),
        ]
    }

    proptest! {
        /// The plain way is to ask about every pod.
        #[test]
        fn whoever_is_meant_is_a_candidate(
            pods in prop::collection::vec(pod(), 0..14),
            sources in prop::collection::vec(source(), 0..3),
            rules in prop::collection::vec(rule(), 0..3),
            ip_block_matches_pods: bool,
        ) {
            let mut objects = pods;
            for (number, pod) in objects.iter_mut().enumerate() {
                pod["metadata"]["name"] = format!("pod-{number}").into();
            }
            objects.push(json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "np", "namespace": "a"},
                "spec": {"podSelector": {}, "ingress": [{"from": sources}]}}));
            objects.push(json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "cnp", "namespace": "a"},
                "spec": {"endpointSelector": {}, "ingress": rules}}));
            let model = Model::read(objects);
            let settings = Settings { ip_block_matches_pods, ..Settings::default() };
            let reach = Reach::with(&model, settings);
            let context = reach.context(KnownName::None);
            let all: Vec<usize> = (0..reach.world.pods.len()).rev().collect();
            let candidates = Candidates::new(&reach, all.clone());
            for entry in reach.policies.rules.iter().flat_map(|rule| &rule.ingress.allow) {
                let peers = entry.peers.as_deref();
                let is_meant = |pod: &usize| context.any_peer(peers, Peer::Pod(*pod)) != Truth::No;
                let plain: Vec<usize> = all.iter().copied().filter(is_meant).collect();
                let narrowed: Vec<usize> = candidates.of(peers).iter().copied().filter(is_meant).collect();
                prop_assert_eq!(narrowed, plain);
            }
        }
    }
}
