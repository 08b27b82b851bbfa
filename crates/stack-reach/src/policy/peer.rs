//! Peers of policies, and the peer that is compared with them.

use std::net::IpAddr;

use stack_model::{LabelSet, Selector};

use super::context::Context;
use super::{Truth, cilium::NamePattern};
use crate::address::BlockRule;
use crate::world::{LabelMap, Pod};

/// The other end of a connection, as the policies of one end see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A pod with an address of its own.
    Pod(usize),
    /// A node, or a pod in its network; `local` if the pod that the policy selects runs there.
    Node { node: Option<usize>, local: bool },
    /// Something outside of the cluster; `None` where its address is unknown.
    Outside(Option<IpAddr>),
    /// The API server, which runs on no node of the input.
    ApiServer,
    /// Cilium's proxy that serves Ingress objects.
    IngressProxy,
    /// Some pod of which nothing is known, not even its namespace.
    Stranger,
}

/// A peer of a policy.
#[derive(Clone, Debug)]
pub(crate) enum PeerMatch {
    /// Pods by the labels of their namespace and their own; `None` for the namespace: the one that is named.
    Pods {
        namespaces: Namespaces,
        pods: Selector,
    },
    /// Endpoints by the labels that Cilium gives them.
    Endpoints(Selector),
    Entity(EntityMatch),
    /// Addresses; `pods` if those of pods and nodes count.
    Block {
        rule: BlockRule,
        pods: bool,
    },
    /// Addresses of a DNS name that the client has looked up.
    Fqdn(NamePattern),
    /// These pods.
    Among(Vec<usize>),
    /// Nodes by their labels.
    Nodes(Selector),
    /// Something that the input does not tell.
    Unknown(String),
}

#[derive(Clone, Debug)]
pub(crate) enum Namespaces {
    Named(String),
    Labelled(Selector),
}

/// An entity of Cilium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntityMatch {
    All,
    World,
    WorldIpv4,
    WorldIpv6,
    Cluster,
    Host,
    RemoteNode,
    KubeApiserver,
    Ingress,
    /// What exists, but is none of the peers of a question: health, init, unmanaged.
    Other,
    /// Nothing.
    None,
}

impl PeerMatch {
    pub(crate) fn matches(&self, peer: Peer, context: &Context<'_>) -> Truth {
        match self {
            // Only a selector of everything selects for sure what is unknown.
            Self::Pods {
                namespaces: Namespaces::Labelled(labels),
                pods,
            } if peer == Peer::Stranger => (labels.is_everything() && pods.is_everything()).into(),
            Self::Pods { namespaces, pods } => match context.pod(peer) {
                Some(pod) => {
                    (namespaces.matches(pod, context) && context.selects(pods, pod)).into()
                }
                None => Truth::No,
            },
            Self::Endpoints(selector) => context
                .with_identity(peer, |identity| selector.matches(identity))
                .into(),
            Self::Entity(entity) => entity.matches(peer, context),
            Self::Block { rule, pods } => match peer {
                Peer::Outside(Some(address)) => rule.contains(address).into(),
                Peer::Outside(None) if rule.block.is_whole_family() && rule.except.is_empty() => {
                    rule.block.first().is_ipv4().into()
                }
                Peer::Outside(None) => Truth::If(format!("the address is in {}", rule.block)),
                Peer::Pod(index) if *pods && context.pods_have_addresses => context
                    .world
                    .pods
                    .get(index)
                    .is_some_and(|pod| pod.ips.iter().any(|ip| rule.contains(*ip)))
                    .into(),
                Peer::ApiServer if context.blocks_match_nodes(*pods) => Truth::If(format!(
                    "the address of the API server is in {}",
                    rule.block
                )),
                Peer::Node { node, .. } if context.blocks_match_nodes(*pods) => {
                    let node = node.and_then(|index| context.world.nodes.get(index));
                    match node {
                        Some(node) => node.addresses.iter().any(|ip| rule.contains(*ip)).into(),
                        None if rule.block.is_whole_family() && rule.except.is_empty() => {
                            Truth::Yes
                        }
                        None => Truth::If(format!("the node's address is in {}", rule.block)),
                    }
                }
                _ => Truth::No,
            },
            Self::Fqdn(pattern) => match peer {
                Peer::Outside(address) => context.name_matches(pattern, address.is_some()),
                _ => Truth::No,
            },
            Self::Among(pods) => matches!(peer, Peer::Pod(index) if pods.contains(&index)).into(),
            Self::Nodes(selector) => match peer {
                Peer::Node { node, .. } => node
                    .and_then(|index| context.world.nodes.get(index))
                    .map_or_else(
                        || Truth::If("the node has the labels that are asked for".to_owned()),
                        |node| selector.matches(&node.labels).into(),
                    ),
                _ => Truth::No,
            },
            Self::Unknown(what) => match peer {
                Peer::Outside(_) => Truth::If(what.clone()),
                _ => Truth::No,
            },
        }
    }
}

impl Namespaces {
    fn matches(&self, pod: &Pod, context: &Context<'_>) -> bool {
        match self {
            Self::Named(name) => *name == pod.name.namespace,
            Self::Labelled(selector) => {
                selector.is_everything()
                    || context
                        .world
                        .namespace_labels(&pod.name.namespace)
                        .is_some_and(|labels| selector.matches(labels))
            }
        }
    }
}

impl EntityMatch {
    fn matches(self, peer: Peer, context: &Context<'_>) -> Truth {
        let node_is_api = || match peer {
            Peer::Node {
                node: Some(node), ..
            } => context
                .world
                .nodes
                .get(node)
                .is_some_and(|node| node.control_plane)
                .into(),
            Peer::Node { node: None, .. } => Truth::If("the node runs the API server".to_owned()),
            Peer::ApiServer => Truth::Yes,
            _ => Truth::No,
        };
        match self {
            Self::All => Truth::Yes,
            Self::None | Self::Other => Truth::No,
            Self::World => matches!(peer, Peer::Outside(_)).into(),
            Self::WorldIpv4 => {
                matches!(peer, Peer::Outside(address) if address.is_none_or(|ip| ip.is_ipv4()))
                    .into()
            }
            Self::WorldIpv6 => {
                matches!(peer, Peer::Outside(address) if address.is_none_or(|ip| ip.is_ipv6()))
                    .into()
            }
            Self::Cluster => (!matches!(peer, Peer::Outside(_))).into(),
            Self::Host => matches!(peer, Peer::Node { local: true, .. }).into(),
            Self::RemoteNode if peer == Peer::ApiServer => {
                Truth::If("the API server runs on another node of the cluster".to_owned())
            }
            Self::RemoteNode => matches!(peer, Peer::Node { local: false, .. }).into(),
            Self::KubeApiserver => node_is_api(),
            Self::Ingress => (peer == Peer::IngressProxy).into(),
        }
    }
}

/// The labels of a pod as Cilium knows them. Sources (`k8s:`, `any:`) are already cut off the keys that are asked for.
pub(crate) struct PodIdentity<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) namespace: Option<&'a LabelMap>,
    pub(crate) cluster: &'a str,
}

impl LabelSet for PodIdentity<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        match key {
            "io.kubernetes.pod.namespace" => Some(&self.pod.name.namespace),
            "io.cilium.k8s.policy.cluster" => Some(self.cluster),
            "io.cilium.k8s.policy.serviceaccount" => Some(&self.pod.service_account),
            _ => match key.strip_prefix("io.cilium.k8s.namespace.labels.") {
                Some(key) => self.namespace?.get(key).map(String::as_str),
                None => self.pod.labels.get(key).map(String::as_str),
            },
        }
    }
}

/// The labels of what is no pod: `reserved:host` and so on, with an empty value.
pub(crate) struct ReservedIdentity<'a> {
    pub(crate) names: &'a [&'a str],
}

impl LabelSet for ReservedIdentity<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        let name = key.strip_prefix("reserved:")?;
        self.names.contains(&name).then_some("")
    }
}
