//! Whether a peer is one that a policy means.

use super::Truth;
use super::context::Context;
use super::peer::{EntityMatch, Namespaces, Peer, PeerMatch};
use crate::world::Pod;

impl PeerMatch {
    pub(crate) fn matches(&self, peer: Peer, context: &Context<'_>) -> Truth {
        // Questions that look at no label are steps, too.
        stack_model::work::step();
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
