//! What the ends of a question are.

use super::asked::{Asked, End};
use crate::Reach;
use crate::answer::{Layer, Trace};
use crate::flow::{Entity, Place};
use crate::policy::Peer;

/// From where ambient pods get their probes.
pub(crate) const PROBE_ADDRESS: std::net::IpAddr =
    std::net::IpAddr::V4(std::net::Ipv4Addr::new(169, 254, 7, 127));

/// The source of a flow; `None` where it is not in the input, which the trace then says.
pub(super) fn source(asked: &Asked<'_>, trace: &mut Trace) -> Option<End> {
    let reach = asked.reach;
    Some(match &asked.flow.from {
        Place::Workload(name) => match reach.world.pod_named(name) {
            Some(pod) => pod_end(reach, pod),
            None => {
                trace.depend(
                    Layer::Service,
                    format!("what {name} is: it is not in the input"),
                );
                return None;
            }
        },
        Place::Ip { ip } => address_end(reach, *ip),
        Place::Entity { entity, node } => entity_end(reach, *entity, node.as_deref()),
        Place::Service { .. }
        | Place::HostPort { .. }
        | Place::Name { .. }
        | Place::Pods { .. }
        | Place::Block { .. } => {
            trace.depend(
                Layer::Service,
                format!("who asks: {} opens no connections", asked.flow.from),
            );
            return None;
        }
    })
}

/// A pod; one in the network of its node is that node.
pub(super) fn pod_end(reach: &Reach<'_>, index: usize) -> End {
    match reach.world.pods.get(index) {
        Some(pod) if pod.host_network => End::Node {
            node: pod
                .node
                .as_deref()
                .and_then(|name| reach.world.node_named(name))
                .or_else(|| pod.ips.iter().find_map(|ip| reach.world.node_at(*ip))),
            local: None,
        },
        _ => End::Pod(index),
    }
}

pub(super) fn address_end(reach: &Reach<'_>, ip: std::net::IpAddr) -> End {
    match (reach.world.pod_at(ip), reach.world.node_at(ip)) {
        (Some(pod), _) => End::Pod(pod),
        (None, Some(node)) => End::Node {
            node: Some(node),
            local: None,
        },
        (None, None) => End::Outside(Some(ip)),
    }
}

pub(super) fn entity_end(reach: &Reach<'_>, entity: Entity, node: Option<&str>) -> End {
    let node = node.and_then(|name| reach.world.node_named(name));
    match entity {
        Entity::World => End::Outside(None),
        Entity::Host => End::Node {
            node,
            local: Some(true),
        },
        Entity::RemoteNode => End::Node {
            node,
            local: Some(false),
        },
        Entity::KubeApiserver => {
            let runs =
                node.or_else(|| reach.world.nodes.iter().position(|node| node.control_plane));
            runs.map_or(End::ApiServer, |node| End::Node {
                node: Some(node),
                local: None,
            })
        }
    }
}

/// One end as the policies of the other see it.
pub(super) fn peer(reach: &Reach<'_>, end: End, other: End) -> Peer {
    match end {
        End::Pod(pod) => Peer::Pod(pod),
        End::Outside(address) => Peer::Outside(address),
        End::ApiServer => Peer::ApiServer,
        End::IngressProxy => Peer::IngressProxy,
        End::Node { node, local } => {
            let home = match other {
                End::Pod(pod) => reach
                    .world
                    .pods
                    .get(pod)
                    .and_then(|pod| pod.node.as_deref()),
                _ => None,
            };
            let same = || {
                home.is_some()
                    && home
                        == node
                            .and_then(|index| reach.world.nodes.get(index))
                            .map(|node| node.name.as_str())
            };
            Peer::Node {
                node,
                local: local.unwrap_or_else(same),
            }
        }
    }
}
