//! A connection to a pod, with the proxies of the mesh on the way.

use std::net::IpAddr;

use super::hop::{Wire, hop};
use super::places::PROBE_ADDRESS;
use super::{Asked, End};
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::istio::{ClientTls, Conversation, Dataplane, Enforcer, Identity, ServerTls};
use crate::policy::{KnownName, Traffic};
use crate::world::Pod;
use crate::{Cni, Protocol};

/// The port of connections between members of an ambient mesh.
pub(crate) const HBONE: u16 = 15008;

/// Follows a connection to a port of a pod; `service` is the Service that was called, if one was.
pub(super) fn to_pod(
    asked: &Asked<'_>,
    from: End,
    to: usize,
    port: u16,
    service: Option<usize>,
    name: &KnownName<'_>,
    trace: &mut Trace,
) {
    let reach = asked.reach;
    let Some(pod) = reach.world.pods.get(to) else {
        return;
    };
    let target = super::places::pod_end(reach, to);
    let flow = asked.flow;
    let traffic = Traffic {
        protocol: flow.protocol,
        port,
        icmp: flow.icmp,
    };
    let plain = Wire {
        traffic,
        encrypted: false,
    };
    let dataplane = reach.mesh.dataplanes.get(to);
    if flow.probe {
        return probe(asked, from, target, plain, dataplane, name, trace);
    }
    if flow.protocol != Protocol::Tcp || target != End::Pod(to) {
        return hop(asked, from, target, plain, name, trace);
    }
    let source = Source::of(asked, from);
    let waypoint = source
        .passes_waypoint(asked, service)
        .then(|| match service {
            Some(service) => reach
                .world
                .services
                .get(service)
                .and_then(|service| reach.mesh.waypoints.of_service(service, &reach.world)),
            None => reach.mesh.waypoints.of_pod(pod, &reach.world),
        });
    let Some(waypoint) = waypoint.flatten() else {
        return arrive(asked, from, &source, to, port, service, name, trace);
    };
    let Some(proxy) = reach.world.pods.get(waypoint.pod) else {
        return;
    };
    let tunnel = Wire {
        traffic: Traffic::new(Protocol::Tcp, HBONE),
        encrypted: true,
    };
    hop(asked, from, End::Pod(waypoint.pod), tunnel, name, trace);
    let conversation = Conversation {
        identity: source.identity.as_ref(),
        source_ips: &source.addresses,
        destination_ips: &pod.ips,
        port,
        request: asked.request,
        sni: None,
    };
    let service = service.and_then(|service| reach.world.services.get(service));
    for step in reach.mesh.authorization.judge(
        Enforcer::Waypoint {
            waypoint: &waypoint.name,
            service,
        },
        &conversation,
    ) {
        trace.push(match step.object {
            Some(_) => step,
            None => step.by(&waypoint.object, ""),
        });
    }
    if trace.is_refused() {
        return;
    }
    let source = Source {
        dataplane: Dataplane::Waypoint,
        identity: Some(Identity::of(proxy, &reach.settings)),
        addresses: proxy.ips.clone(),
        pod: Some(proxy),
    };
    arrive(
        asked,
        End::Pod(waypoint.pod),
        &source,
        to,
        port,
        None,
        &KnownName::None,
        trace,
    );
}

/// Who opens a connection, as the mesh knows it.
struct Source<'a> {
    dataplane: Dataplane,
    identity: Option<Identity>,
    addresses: Vec<IpAddr>,
    pod: Option<&'a Pod>,
}

impl<'a> Source<'a> {
    fn of(asked: &Asked<'a>, from: End) -> Self {
        let reach = asked.reach;
        let (pod, dataplane) = match from {
            End::Pod(pod) => (reach.world.pods.get(pod), reach.mesh.dataplanes.get(pod)),
            _ => (None, Dataplane::None),
        };
        let addresses = match from {
            End::Outside(address) => address.into_iter().collect(),
            End::Node { node, .. } => node
                .and_then(|node| reach.world.nodes.get(node))
                .map(|node| node.addresses.clone())
                .unwrap_or_default(),
            _ => pod.map(|pod| pod.ips.clone()).unwrap_or_default(),
        };
        let identity = pod
            .filter(|_| dataplane.is_member())
            .map(|pod| Identity::of(pod, &reach.settings));
        Self {
            dataplane,
            identity,
            addresses,
            pod,
        }
    }

    /// Clients of an ambient mesh are sent through waypoints; gateways only where the Service asks for it.
    fn passes_waypoint(&self, asked: &Asked<'_>, service: Option<usize>) -> bool {
        match self.dataplane {
            Dataplane::Ambient => true,
            Dataplane::Gateway => service
                .and_then(|service| asked.reach.world.services.get(service))
                .is_some_and(|service| {
                    let of_namespace = asked.reach.world.namespace_labels(&service.name.namespace);
                    let key = "istio.io/ingress-use-waypoint";
                    let value = service.labels.get(key).or_else(|| of_namespace?.get(key));
                    value.is_some_and(|value| value == "true")
                }),
            _ => false,
        }
    }
}

/// The last leg: over the network, and through the proxy before the pod.
#[allow(clippy::too_many_arguments)]
fn arrive(
    asked: &Asked<'_>,
    from: End,
    source: &Source<'_>,
    to: usize,
    port: u16,
    service: Option<usize>,
    name: &KnownName<'_>,
    trace: &mut Trace,
) {
    let reach = asked.reach;
    let Some(pod) = reach.world.pods.get(to) else {
        return;
    };
    let dataplane = reach.mesh.dataplanes.get(to);
    let service = service
        .and_then(|service| reach.world.services.get(service))
        .or_else(|| service_of(asked, to, port));
    let told = match (source.dataplane, source.pod) {
        (Dataplane::Sidecar | Dataplane::Gateway, Some(client)) => {
            let service_port = service.and_then(|service| {
                service
                    .ports
                    .iter()
                    .find(|candidate| candidate.leads_to(pod, port))
            });
            reach
                .mesh
                .mtls
                .client(client, service, service_port.map_or(port, |port| port.port))
        }
        _ => None,
    };
    let (server, server_object) = reach.mesh.mtls.server(pod, port);
    let can_be_asked = match dataplane {
        Dataplane::None => false,
        Dataplane::Ambient | Dataplane::Waypoint => true,
        Dataplane::Sidecar | Dataplane::Gateway => server != ServerTls::Disable,
    };
    let client = match told {
        Some((tls, _)) => tls,
        None if source.dataplane.is_member() && can_be_asked => ClientTls::Mutual,
        None => ClientTls::Plain,
    };
    let encrypted = client != ClientTls::Plain;
    let tunnelled = client == ClientTls::Mutual && dataplane == Dataplane::Ambient;
    let wire_port = if tunnelled { HBONE } else { port };
    hop(
        asked,
        from,
        End::Pod(to),
        Wire {
            traffic: Traffic::new(Protocol::Tcp, wire_port),
            encrypted,
        },
        name,
        trace,
    );
    if trace.is_refused() {
        return;
    }
    let told_by = told.map(|(_, object)| object).unwrap_or_default();
    let enforcer = match dataplane {
        Dataplane::None | Dataplane::Waypoint => {
            if client == ClientTls::Mutual && dataplane == Dataplane::None {
                let reason = "the client speaks mutual TLS to a pod that is not in the mesh";
                trace.push(
                    Step::new(Layer::Sidecar, Verdict::Refused, reason)
                        .by(told_by, "spec.trafficPolicy"),
                );
            }
            return;
        }
        Dataplane::Ambient => Enforcer::Ztunnel(pod),
        Dataplane::Sidecar => Enforcer::Sidecar(pod),
        Dataplane::Gateway => Enforcer::Gateway(pod),
    };
    let layer = enforcer.layer();
    let authenticates = !matches!(dataplane, Dataplane::Gateway);
    match (server, client) {
        (ServerTls::Strict, ClientTls::Plain | ClientTls::Other) if authenticates => {
            let reason = "mutual TLS is demanded (STRICT), and the client does not speak it";
            trace.push(
                Step::new(layer, Verdict::Refused, reason)
                    .by(server_object.unwrap_or_default(), "spec.mtls"),
            );
            return;
        }
        (ServerTls::Disable, ClientTls::Mutual) if dataplane == Dataplane::Sidecar => {
            let reason = "the client speaks mutual TLS, and the server takes plain text alone";
            trace
                .push(Step::new(layer, Verdict::Refused, reason).by(told_by, "spec.trafficPolicy"));
            return;
        }
        _ => {}
    }
    let identity = source
        .identity
        .as_ref()
        .filter(|_| client == ClientTls::Mutual);
    let conversation = Conversation {
        identity,
        source_ips: &source.addresses,
        destination_ips: &pod.ips,
        port,
        request: asked.request.filter(|_| dataplane != Dataplane::Ambient),
        sni: match (dataplane, client, service) {
            (Dataplane::Sidecar, ClientTls::Mutual, Some(service)) => {
                let number = service
                    .ports
                    .iter()
                    .find(|candidate| candidate.leads_to(pod, port))
                    .map_or(port, |port| port.port);
                Some(format!(
                    "outbound_.{number}_._.{}.{}.svc.cluster.local",
                    service.name.name, service.name.namespace
                ))
            }
            _ => asked.request.and_then(|request| request.sni.clone()),
        },
    };
    for step in reach.mesh.authorization.judge(enforcer, &conversation) {
        trace.push(step);
    }
}

/// A Service that leads to this port of a pod: proxies know pods by their Services.
fn service_of<'a>(asked: &Asked<'a>, pod: usize, port: u16) -> Option<&'a crate::world::Service> {
    let world = &asked.reach.world;
    let found = world.pods.get(pod)?;
    world.services.iter().find(|service| {
        service.pods.contains(&pod)
            && service
                .ports
                .iter()
                .any(|candidate| candidate.leads_to(found, port))
    })
}

/// A probe of the kubelet. Proxies let it pass; policies of connections do where they know where it comes from.
fn probe(
    asked: &Asked<'_>,
    from: End,
    to: End,
    wire: Wire,
    dataplane: Dataplane,
    name: &KnownName<'_>,
    trace: &mut Trace,
) {
    if asked.reach.cni == Cni::Generic {
        return trace.allow(
            Layer::IngressPolicy,
            "policies let probes of the kubelet pass",
        );
    }
    let from = match (dataplane, from) {
        (Dataplane::Ambient, _) => {
            trace.allow(
                Layer::Service,
                format!("probes of ambient pods come from {PROBE_ADDRESS}"),
            );
            End::Outside(Some(PROBE_ADDRESS))
        }
        (_, End::Outside(_)) => End::Node {
            node: None,
            local: Some(true),
        },
        (_, from) => from,
    };
    hop(asked, from, to, wire, name, trace);
}
