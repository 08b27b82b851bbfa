//! Ports of nodes: node ports of Services, and host ports of pods.

use super::deliver::{is_wanted, to_service};
use super::edge::edge;
use super::{Asked, End, join, mesh};
use crate::Protocol;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::PortRef;
use crate::policy::KnownName;
use crate::world::{Pod, Service, ServicePort};

fn node_ports(
    service: &Service,
    port: u16,
    protocol: Protocol,
) -> impl Iterator<Item = &ServicePort> {
    service.ports.iter().filter(move |candidate| {
        candidate.node_port == Some(port) && candidate.protocol == protocol
    })
}

fn host_ports(asked: &Asked<'_>, node: Option<usize>, port: u16) -> Vec<(usize, u16)> {
    let world = &asked.reach.world;
    let node = node.and_then(|index| world.nodes.get(index));
    let here = |pod: &Pod| match (node, &pod.node) {
        (Some(node), Some(name)) => node.name == *name,
        _ => true,
    };
    let pods = world.pods.iter().enumerate().filter(|(_, pod)| here(pod));
    pods.flat_map(|(index, pod)| {
        let ports = pod.ports.iter().filter(|candidate| {
            candidate.protocol == asked.flow.protocol
                && (candidate.host_port == Some(port)
                    || (pod.host_network && candidate.port == port))
        });
        ports.map(move |found| (index, found.port))
    })
    .collect()
}

pub(super) fn leads_on(asked: &Asked<'_>, node: Option<usize>, port: u16) -> bool {
    let by_service = asked.reach.world.services.iter().any(|service| {
        node_ports(service, port, asked.flow.protocol)
            .next()
            .is_some()
    });
    by_service || !host_ports(asked, node, port).is_empty()
}

/// To what answers on a port of a node: a Service with that node port, or a pod with that host port.
pub(super) fn to_node_port(
    asked: &Asked<'_>,
    from: End,
    node: Option<usize>,
    port: u16,
    name: &KnownName<'_>,
    mut trace: Trace,
    must_lead_on: bool,
) -> Trace {
    let world = &asked.reach.world;
    for (index, service) in world.services.iter().enumerate() {
        if let Some(found) = node_ports(service, port, asked.flow.protocol).next() {
            let reason = format!(
                "port {port} of the node is the node port of the Service's port {}",
                found.port
            );
            trace.push(
                Step::new(Layer::Node, Verdict::Allowed, reason)
                    .by(format!("Service {}", service.name), "spec.ports"),
            );
            return to_service(
                asked,
                from,
                index,
                Some(&PortRef::Number(found.port)),
                name,
                trace,
            );
        }
    }
    let pods = host_ports(asked, node, port);
    if pods.is_empty() {
        if must_lead_on {
            trace.refuse(
                Layer::Node,
                format!("no Service and no pod has port {port} of the node"),
            );
        }
        return trace;
    }
    let ways = pods
        .into_iter()
        .filter(|(pod, _)| is_wanted(asked, *pod))
        .map(|(pod, port)| {
            let mut way = trace.clone();
            let found = world.pods.get(pod);
            if let Some(found) = found {
                way.push(
                    Step::new(
                        Layer::Node,
                        Verdict::Allowed,
                        "the node's port is a host port of the pod",
                    )
                    .by(found.object(), ""),
                );
                match edge(asked, from, pod, &[port], name, &mut way) {
                    Some(routed) => way = routed,
                    None => mesh::to_pod(asked, from, pod, port, None, name, &mut way),
                }
            }
            (found.map(Pod::object).unwrap_or_default(), way)
        });
    join(ways.collect())
}
