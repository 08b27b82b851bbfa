//! What is known while policies are compared with a connection.

use stack_model::{LabelSet, Selector};

use super::cilium::NamePattern;
use super::identity::{PodIdentity, ReservedIdentity};
use super::names::ClusterPorts;
use super::peer::Peer;
use super::{PeerMatch, Truth};
use crate::settings::{Cni, Settings};
use crate::world::{Pod, World};

/// The name by which the client knows the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KnownName<'a> {
    /// None: the address was written down.
    None,
    /// This one, learned from an answer of the DNS server that Cilium's proxy saw.
    Learned(&'a str),
    /// This one, and nothing but the client learned the answer.
    NotLearned(&'a str),
}

#[derive(Clone, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) world: &'a World,
    pub(crate) settings: &'a Settings,
    pub(crate) cni: Cni,
    pub(crate) cluster_ports: &'a ClusterPorts,
    pub(crate) name: KnownName<'a>,
    /// Whether a pod stands for itself, with its address, and not for all pods of its workload.
    pub(crate) pods_have_addresses: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn pod(&self, peer: Peer) -> Option<&'a Pod> {
        match peer {
            Peer::Pod(index) => self.world.pods.get(index),
            _ => None,
        }
    }

    pub(crate) fn is_cilium(&self) -> bool {
        self.cni == Cni::Cilium
    }

    /// Whether a pod has the labels that a selector of pods asks for; under Cilium those that Cilium adds count.
    pub(crate) fn selects(&self, selector: &Selector, pod: &Pod) -> bool {
        if self.is_cilium() {
            selector.matches(&self.identity(pod))
        } else {
            selector.matches(&pod.labels)
        }
    }

    pub(crate) fn identity(&self, pod: &'a Pod) -> PodIdentity<'a> {
        PodIdentity {
            pod,
            namespace: self.world.namespace_labels(&pod.name.namespace),
            cluster: self.settings.cluster_name.as_deref().unwrap_or("default"),
        }
    }

    /// Asks something of the labels that Cilium gives a peer.
    pub(crate) fn with_identity(&self, peer: Peer, ask: impl Fn(&dyn LabelSet) -> bool) -> bool {
        let reserved = |names: &[&str]| ask(&ReservedIdentity { names });
        match peer {
            Peer::Pod(index) => self
                .world
                .pods
                .get(index)
                .is_some_and(|pod| ask(&self.identity(pod))),
            Peer::Node { node, local } => {
                let place = if local { "host" } else { "remote-node" };
                let api = node
                    .and_then(|index| self.world.nodes.get(index))
                    .is_some_and(|node| node.control_plane);
                if api {
                    reserved(&[place, "kube-apiserver"])
                } else {
                    reserved(&[place])
                }
            }
            Peer::Outside(Some(address)) => reserved(&[
                "world",
                if address.is_ipv4() {
                    "world-ipv4"
                } else {
                    "world-ipv6"
                },
            ]),
            Peer::Outside(None) => reserved(&["world", "world-ipv4", "world-ipv6"]),
            Peer::ApiServer => reserved(&["kube-apiserver"]),
            Peer::IngressProxy => reserved(&["ingress"]),
            Peer::Stranger => false,
        }
    }

    /// Whether blocks of addresses match nodes: not with Cilium, unless it is told to.
    pub(crate) fn blocks_match_nodes(&self, addresses_of_pods_count: bool) -> bool {
        addresses_of_pods_count || !self.is_cilium() || self.settings.policy_cidr_match_mode_nodes
    }

    /// Whether the destination is one of the addresses of a name; `address`: whether its address is given.
    pub(crate) fn name_matches(&self, pattern: &NamePattern, address: bool) -> Truth {
        match self.name {
            // Nobody looked up a name to get at this address.
            KnownName::None if address => Truth::No,
            KnownName::Learned(name) => pattern.matches(name).into(),
            KnownName::NotLearned(_) => Truth::No,
            KnownName::None => Truth::If(format!("the address is one of {pattern}")),
        }
    }

    /// The peers of a policy that match, each with its position.
    pub(crate) fn any_peer(&self, peers: Option<&[PeerMatch]>, peer: Peer) -> Truth {
        match peers {
            None => Truth::Yes,
            Some(peers) => Truth::any(peers.iter().map(|candidate| candidate.matches(peer, self))),
        }
    }
}
