//! Ports of nodes: node ports of Services, and host ports of pods.

use super::asked::{Asked, End, is_wanted, join};
use super::deliver::to_service;
use super::edge::edge;
use super::mesh;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::PortRef;
use crate::policy::KnownName;
use crate::world::{Pod, Service, ServicePort};
use crate::{Cni, Protocol};

/// To the pods of a Service that run on the node, where it sends nothing to other nodes.
fn to_pods_of_node(
    asked: &Asked<'_>,
    from: End,
    (node, service): (Option<usize>, usize),
    port: &PortRef,
    name: &KnownName<'_>,
    mut trace: Trace,
) -> Trace {
    let world = &asked.reach.world;
    let Some(own) = node.and_then(|index| world.nodes.get(index)) else {
        return to_service(asked, from, service, Some(port), name, trace);
    };
    let Some(found) = world.services.get(service) else {
        return trace;
    };
    let object = format!("Service {}", found.name);
    let at = "spec.externalTrafficPolicy";
    let pods = || found.pods.iter().filter_map(|&pod| world.pods.get(pod));
    if pods().any(|pod| pod.node.as_ref() == Some(&own.name)) {
        let asked = Asked {
            on_node: node,
            ..*asked
        };
        return to_service(&asked, from, service, Some(port), name, trace);
    }
    let step = match pods().any(|pod| pod.node.is_none()) {
        true => Step::new(
            Layer::Node,
            Verdict::Depends,
            format!(
                "a pod of the Service runs on {}, which sends nothing to other nodes",
                own.name
            ),
        ),
        false => Step::new(
            Layer::Node,
            Verdict::Refused,
            format!(
                "no pod of the Service runs on {}, which sends nothing to other nodes",
                own.name
            ),
        ),
    };
    trace.push(step.by(object, at));
    if trace.is_refused() {
        return trace;
    }
    to_service(asked, from, service, Some(port), name, trace)
}

/// A node that sends a connection on to another one may put its own address in place of the client's.
fn either_address(by_client: Trace, by_node: Trace, object: &str) -> Trace {
    let verdict = |trace: &Trace| trace.clone().answer().allowed;
    if verdict(&by_client) == verdict(&by_node) {
        return by_client;
    }
    let mut way = match by_client.is_refused() {
        true => by_node,
        false => by_client,
    };
    way.push(
        Step::new(
            Layer::Node,
            Verdict::Depends,
            "which address the pod sees: the node may put its own in place of the client's",
        )
        .by(object, "spec.externalTrafficPolicy"),
    );
    way
}

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
            let object = format!("Service {}", service.name);
            trace.push(Step::new(Layer::Node, Verdict::Allowed, reason).by(&object, "spec.ports"));
            let port = PortRef::Number(found.port);
            if service.stays_on_node {
                return to_pods_of_node(asked, from, (node, index), &port, name, trace);
            }
            let way = |from| to_service(asked, from, index, Some(&port), name, trace.clone());
            return match from {
                End::Outside(_) if asked.reach.cni == Cni::Generic => {
                    let by_node = End::Node {
                        node: None,
                        local: Some(false),
                    };
                    either_address(way(from), way(by_node), &object)
                }
                _ => way(from),
            };
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
