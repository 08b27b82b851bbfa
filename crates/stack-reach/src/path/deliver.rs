//! From the place that a question names to the pods that answer.

use std::net::IpAddr;

use super::asked::{Asked, End, is_wanted, join};
use super::edge::{edge, is_edge};
use super::hop::{Wire, hop};
use super::node::{leads_on, to_node_port};
use super::places::{address_end, entity_end};
use super::{ingress_proxy, local_redirect, mesh, outbound};
use crate::Protocol;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::{Place, PortRef};
use crate::policy::{KnownName, Traffic};
use crate::world::{Called, Pod, Service, ServicePort, Target};

/// Follows a flow from a resolved source.
pub(super) fn to_place(
    asked: &Asked<'_>,
    from: End,
    name: KnownName<'_>,
    mut trace: Trace,
) -> Trace {
    let reach = asked.reach;
    match &asked.flow.to {
        Place::Workload(workload) => match reach.world.pod_named(workload) {
            Some(pod) => to_pod(asked, from, pod, &name, trace),
            None => unknown(trace, format!("what {workload} is: it is not in the input")),
        },
        Place::Service { service } => match reach.world.service_named(service) {
            Some(service) => to_called_service(asked, from, service, &name, trace),
            None => unknown(
                trace,
                format!("what the Service {service} is: it is not in the input"),
            ),
        },
        Place::Ip { ip } => {
            let straight = || to_address(asked, from, *ip, &name, trace.clone());
            let called = Called::Address(*ip);
            local_redirect::redirected(asked, from, &called, &name, &trace, straight)
                .unwrap_or_else(straight)
        }
        Place::Entity { entity, node } => match entity_end(reach, *entity, node.as_deref()) {
            End::Outside(address) => to_outside(asked, from, address, &name, trace),
            end => to_end(asked, from, end, &name, trace),
        },
        Place::Name { .. } => to_outside(asked, from, None, &name, trace),
        Place::Pods { .. } | Place::Block { .. } => {
            unknown(trace, format!("which of {} is meant", asked.flow.to))
        }
        Place::HostPort { host_port } => {
            let protocol = asked.flow.protocol;
            let mapping =
                reach.world.host_mappings.iter().find(|mapping| {
                    mapping.host_port == *host_port && mapping.protocol == protocol
                });
            match mapping {
                Some(mapping) => {
                    let reason = format!(
                        "port {host_port} of the machine leads to port {} of the node",
                        mapping.container_port
                    );
                    trace.push(
                        Step::new(Layer::Node, Verdict::Allowed, reason)
                            .by(&mapping.object, &mapping.path),
                    );
                    to_node_port(
                        asked,
                        from,
                        None,
                        mapping.container_port,
                        &name,
                        trace,
                        true,
                    )
                }
                None => {
                    trace.refuse(
                        Layer::Node,
                        format!("no node of the kind cluster has port {host_port} of the machine"),
                    );
                    trace
                }
            }
        }
    }
}

/// To a Service that is called by its name or address: Cilium may keep the call on the client's node.
fn to_called_service(
    asked: &Asked<'_>,
    from: End,
    index: usize,
    name: &KnownName<'_>,
    trace: Trace,
) -> Trace {
    let straight = || {
        let port = asked.flow.port.as_ref();
        to_service(asked, from, index, port, name, trace.clone())
    };
    let service = asked.reach.world.services.get(index);
    service
        .and_then(|service| {
            let called = Called::Service(service.name.clone());
            local_redirect::redirected(asked, from, &called, name, &trace, straight)
        })
        .unwrap_or_else(straight)
}

/// To whatever has an address.
fn to_address(
    asked: &Asked<'_>,
    from: End,
    ip: IpAddr,
    name: &KnownName<'_>,
    trace: Trace,
) -> Trace {
    let reach = asked.reach;
    match (reach.world.pod_at(ip), reach.world.service_at(ip)) {
        (Some(pod), _) => to_pod(asked, from, pod, name, trace),
        (None, Some(service)) => to_called_service(asked, from, service, name, trace),
        (None, None) => match address_end(reach, ip) {
            End::Outside(address) => to_outside(asked, from, address, name, trace),
            end => to_end(asked, from, end, name, trace),
        },
    }
}

/// To something outside of the cluster, as far as the mesh lets a client out.
fn to_outside(
    asked: &Asked<'_>,
    from: End,
    address: Option<std::net::IpAddr>,
    name: &KnownName<'_>,
    trace: Trace,
) -> Trace {
    outbound::to_outside(asked, from, address, name, &trace)
        .unwrap_or_else(|| to_end(asked, from, End::Outside(address), name, trace))
}

fn unknown(mut trace: Trace, what: String) -> Trace {
    trace.depend(Layer::Service, what);
    trace
}

fn to_pod(
    asked: &Asked<'_>,
    from: End,
    pod: usize,
    name: &KnownName<'_>,
    mut trace: Trace,
) -> Trace {
    let Some(found) = asked.reach.world.pods.get(pod) else {
        return trace;
    };
    let port = match &asked.flow.port {
        None => 0,
        Some(PortRef::Number(port)) => *port,
        Some(PortRef::Name(port_name)) => match found.port_named(port_name, asked.flow.protocol) {
            Some(port) => port,
            None => {
                trace.refuse(
                    Layer::Service,
                    format!("{} has no port named {port_name}", found.object()),
                );
                return trace;
            }
        },
    };
    mesh::to_pod(asked, from, pod, port, None, name, &mut trace);
    trace
}

/// To something that is no pod; a node's port may lead to one.
pub(super) fn to_end(
    asked: &Asked<'_>,
    from: End,
    to: End,
    name: &KnownName<'_>,
    mut trace: Trace,
) -> Trace {
    let port = match asked.flow.port {
        Some(PortRef::Number(port)) => port,
        _ => 0,
    };
    match to {
        End::Node { node, .. }
            if asked.flow.protocol != Protocol::Icmp && leads_on(asked, node, port) =>
        {
            to_node_port(asked, from, node, port, name, trace, false)
        }
        End::Pod(pod) => to_pod(asked, from, pod, name, trace),
        _ => {
            let traffic = Traffic {
                protocol: asked.flow.protocol,
                port,
                icmp: asked.flow.icmp,
            };
            hop(
                asked,
                from,
                to,
                Wire {
                    traffic,
                    encrypted: false,
                },
                name,
                &mut trace,
            );
            trace
        }
    }
}

/// Whether a pod runs on the node whose pods are meant; all do, where none is named.
fn is_on_node(asked: &Asked<'_>, pod: usize) -> bool {
    let world = &asked.reach.world;
    let node = asked.on_node.and_then(|node| world.nodes.get(node));
    node.is_none_or(|node| {
        let pod = world.pods.get(pod);
        pod.is_some_and(|pod| pod.node.as_ref() == Some(&node.name))
    })
}

/// To the pods behind a Service, or wherever the gateway behind it sends the request.
pub(super) fn to_service(
    asked: &Asked<'_>,
    from: End,
    index: usize,
    port: Option<&PortRef>,
    name: &KnownName<'_>,
    mut trace: Trace,
) -> Trace {
    let reach = asked.reach;
    let Some(service) = reach.world.services.get(index) else {
        return trace;
    };
    let object = format!("Service {}", service.name);
    if let Some(name) = &service.external_name {
        trace.push(
            Step::new(
                Layer::Service,
                Verdict::Allowed,
                format!("the Service is an alias of {name}"),
            )
            .by(object, "spec.externalName"),
        );
        return to_outside(asked, from, None, &KnownName::NotLearned(name), trace);
    }
    let wanted = |candidate: &&ServicePort| {
        candidate.protocol == asked.flow.protocol
            && match port {
                Some(PortRef::Number(number)) => candidate.port == *number,
                Some(PortRef::Name(name)) => candidate.name.as_deref() == Some(name),
                None => service.ports.len() == 1,
            }
    };
    if let Some(answered) = ingress_proxy::to_service(asked, from, service, &trace) {
        return answered;
    }
    if !asked.routed
        && let Some(answered) = outbound::to_called_service(asked, from, index, name, &trace)
    {
        return answered;
    }
    let Some(service_port) = service.ports.iter().find(wanted) else {
        let reason = match port {
            Some(port) => format!("the Service has no port {port} {}", asked.flow.protocol),
            None => "the question names no port, and the Service has several".to_owned(),
        };
        trace.push(Step::new(Layer::Service, Verdict::Refused, reason).by(object, "spec.ports"));
        return trace;
    };
    let gateways: Vec<_> = service
        .pods
        .iter()
        .copied()
        .filter(|pod| is_edge(asked, *pod, service))
        .collect();
    if let Some(&gateway) = gateways.first() {
        let target = service_port.target_on(reach.world.pods.get(gateway));
        let known = [service_port.port, target.unwrap_or(service_port.port)];
        if let Some(routed) = edge(asked, from, gateway, &known, name, &mut trace) {
            return routed;
        }
    }
    if let Some(answered) = by_foreign_ingress(asked, from, index, port, name, &trace) {
        return answered;
    }
    let subset = match subset(asked, from, service) {
        Ok(subset) => subset,
        Err(reason) => {
            trace.refuse(Layer::Route, reason);
            return trace;
        }
    };
    let in_subset = |pod: usize| {
        subset.is_none_or(|labels| {
            let pod = reach.world.pods.get(pod);
            pod.is_some_and(|pod| {
                labels
                    .iter()
                    .all(|(key, value)| pod.labels.get(key) == Some(value.as_str()))
            })
        })
    };
    let pods = service
        .pods
        .iter()
        .filter(|pod| in_subset(**pod))
        .map(|&pod| (pod, service_port.target_on(reach.world.pods.get(pod))));
    let stated = service.endpoints.iter().filter(|endpoint| {
        endpoint.protocol == service_port.protocol
            && (endpoint.port_name.is_none() || endpoint.port_name == service_port.name)
    });
    let stated_pods = stated
        .clone()
        .filter_map(|endpoint| Some((endpoint.pod?, endpoint.port)));
    let ways: Vec<_> = pods
        .chain(stated_pods.filter(|_| service.pods.is_empty()))
        .filter(|(pod, _)| is_wanted(asked, *pod) && is_on_node(asked, *pod))
        .collect();
    if ways.is_empty() {
        let addresses: Vec<_> = stated
            .filter(|endpoint| endpoint.pod.is_none())
            .filter_map(|endpoint| endpoint.address)
            .collect();
        if addresses.is_empty() {
            return nobody(asked, service, object, trace);
        }
        let ways = addresses.into_iter().map(|address| {
            (
                address.to_string(),
                to_end(
                    asked,
                    from,
                    address_end(reach, address),
                    name,
                    trace.clone(),
                ),
            )
        });
        return join(ways.collect());
    }
    let ways = ways.into_iter().map(|(pod, target)| {
        let mut way = trace.clone();
        let found = reach
            .world
            .pods
            .get(pod)
            .map(Pod::object)
            .unwrap_or_default();
        match target {
            Some(target) => {
                way.push(
                    Step::new(
                        Layer::Service,
                        Verdict::Allowed,
                        format!("leads to port {target} of {found}"),
                    )
                    .by(&object, "spec.selector"),
                );
                mesh::to_pod(asked, from, pod, target, Some(index), name, &mut way);
            }
            None => way.push(
                Step::new(
                    Layer::Service,
                    Verdict::Refused,
                    format!("{found} has no port of the name that the Service targets"),
                )
                .by(&object, "spec.ports"),
            ),
        }
        (found, way)
    });
    join(ways.collect())
}

/// To a Service that is open to the outside, with a request for which an Ingress has a rule: its pods may be those of the Ingress'
/// controller, which then sends the request on.
fn by_foreign_ingress(
    asked: &Asked<'_>,
    from: End,
    index: usize,
    port: Option<&PortRef>,
    name: &KnownName<'_>,
    trace: &Trace,
) -> Option<Trace> {
    let service = asked.reach.world.services.get(index)?;
    if asked.past_ingress || !service.is_open || matches!(from, End::Pod(_)) {
        return None;
    }
    let found = asked
        .reach
        .routes
        .foreign_ingress(asked.request?, &service.name)?;
    let flow = crate::Flow {
        backend: None,
        ..asked.flow.clone()
    };
    let asked = Asked {
        flow: &flow,
        past_ingress: true,
        ..*asked
    };
    let mut way = to_service(&asked, from, index, port, name, trace.clone());
    let condition = format!(
        "the pods are those of the controller of {}, which then sends the request to {}",
        found.class, found.backend
    );
    way.push(Step::new(Layer::Route, Verdict::Depends, condition).by(&found.object, &found.path));
    Some(way)
}

/// The labels of the part of a Service's pods that a route means; why there is no such part, where nothing defines it.
fn subset<'a>(
    asked: &'a Asked<'_>,
    from: End,
    service: &Service,
) -> Result<Option<&'a std::collections::BTreeMap<String, String>>, String> {
    let Some(name) = asked.subset else {
        return Ok(None);
    };
    let reach = asked.reach;
    let client = match from {
        End::Pod(pod) => reach.world.pods.get(pod),
        _ => None,
    };
    let rules = &reach.mesh.destination_rules;
    let found = client.and_then(|client| rules.subset(client, service, name));
    let missing = || {
        format!(
            "no DestinationRule defines the subset {name} of {}",
            service.name
        )
    };
    found.map(Some).ok_or_else(missing)
}

fn nobody(asked: &Asked<'_>, service: &Service, object: String, mut trace: Trace) -> Trace {
    let step = match (&asked.flow.backend, service.has_selector) {
        (Some(backend), _) if !service.pods.is_empty() => Step::new(
            Layer::Service,
            Verdict::Refused,
            format!("{backend} is not behind the Service"),
        ),
        (_, true) => Step::new(
            Layer::Service,
            Verdict::Depends,
            "what the Service selects: no pod of the input",
        ),
        (_, false) => Step::new(
            Layer::Service,
            Verdict::Depends,
            "where the Service leads: it selects no pods, and the input has no endpoints of it",
        ),
    };
    trace.push(step.by(object, "spec.selector"));
    trace
}

impl ServicePort {
    /// The port of a pod to which it leads.
    pub(crate) fn target_on(&self, pod: Option<&Pod>) -> Option<u16> {
        match &self.target {
            Target::Number(port) => Some(*port),
            Target::Name(name) => pod?.port_named(name, self.protocol),
        }
    }

    pub(crate) fn leads_to(&self, pod: &Pod, port: u16) -> bool {
        self.protocol == Protocol::Tcp && self.target_on(Some(pod)) == Some(port)
    }
}
