//! A connection to a pod, with the proxies of the mesh on the way.

use super::asked::{Asked, End};
use super::handshake::{HBONE, Handshake, Source, Told};
use super::hop::{Wire, hop};
use super::places::PROBE_ADDRESS;
use crate::answer::{Layer, Trace};
use crate::flow::Name;
use crate::istio::{Conversation, Dataplane, Enforcer, Identity, Waypoint};
use crate::policy::{KnownName, Traffic};
use crate::world::{Pod, Service};
use crate::{Cni, Protocol, Reach};

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
    let source = Source::of(asked.reach, from);
    if let Some((own, other)) = between_networks(reach, &source, pod) {
        let condition =
            format!("the gateway between the networks {own} and {other} lets the call through");
        return trace.depend(Layer::Service, condition);
    }
    let called = asked.called.or(service);
    let waypoint = passes_waypoint(source.dataplane, asked, called).then(|| match called {
        Some(service) => reach
            .world
            .services
            .get(service)
            .and_then(|service| reach.mesh.waypoints.of_service(service, &reach.world)),
        None => reach.mesh.waypoints.of_pod(pod, &reach.world),
    });
    let Some(waypoint) = waypoint.flatten() else {
        let leg = Leg {
            from,
            source: &source,
            to,
            port,
            service,
        };
        return arrive(asked, leg, name, trace);
    };
    let Some(proxy) = reach.world.pods.get(waypoint.pod) else {
        return;
    };
    let behind = Behind {
        service: called.and_then(|service| reach.world.services.get(service)),
        entry: None,
        addresses: &pod.ips,
        port,
    };
    if !through_waypoint(asked, from, waypoint, behind, name, trace) {
        return;
    }
    let source = Source {
        dataplane: Dataplane::Waypoint,
        identity: Some(Identity::of(proxy, &reach.settings)),
        addresses: proxy.ips.clone(),
        pod: Some(proxy),
    };
    let leg = Leg {
        from: End::Pod(waypoint.pod),
        source: &source,
        to,
        port,
        service: None,
    };
    arrive(asked, leg, &KnownName::None, trace);
}

/// The networks of a member of the mesh and of a pod, where they differ: what passes the gateway between them nobody knows here.
pub(crate) fn between_networks<'a>(
    reach: &'a Reach<'_>,
    source: &Source<'a>,
    to: &'a Pod,
) -> Option<(&'a str, &'a str)> {
    let client = source
        .pod
        .filter(|_| source.dataplane.is_member() && !to.host_network)?;
    let (own, other) = (network(reach, client)?, network(reach, to)?);
    (own != other).then_some((own, other))
}

/// The network of a pod, where labels say that the mesh has several.
pub(crate) fn network<'a>(reach: &'a Reach<'_>, pod: &'a Pod) -> Option<&'a str> {
    let key = "topology.istio.io/network";
    let of_namespace = || reach.world.namespace_labels(&pod.name.namespace)?.get(key);
    pod.labels.get(key).or_else(of_namespace)
}

/// What a waypoint stands before.
#[derive(Clone, Copy)]
pub(super) struct Behind<'a> {
    pub(super) service: Option<&'a Service>,
    pub(super) entry: Option<&'a Name>,
    pub(super) addresses: &'a [std::net::IpAddr],
    pub(super) port: u16,
}

/// Into a waypoint and past its policies; whether the call comes out at the other side.
pub(super) fn through_waypoint(
    asked: &Asked<'_>,
    from: End,
    waypoint: &Waypoint,
    behind: Behind<'_>,
    name: &KnownName<'_>,
    trace: &mut Trace,
) -> bool {
    let source = Source::of(asked.reach, from);
    let tunnel = Wire {
        traffic: Traffic::new(Protocol::Tcp, HBONE),
        encrypted: true,
    };
    hop(asked, from, End::Pod(waypoint.pod), tunnel, name, trace);
    let conversation = Conversation {
        identity: source.identity.as_ref(),
        source_ips: &source.addresses,
        destination_ips: behind.addresses,
        port: behind.port,
        request: asked.request,
        sni: None,
    };
    let enforcer = Enforcer::Waypoint {
        waypoint: &waypoint.name,
        service: behind.service,
        entry: behind.entry,
    };
    let steps = asked
        .reach
        .mesh
        .authorization
        .judge(enforcer, &conversation);
    for step in steps {
        trace.push(match step.object {
            Some(_) => step,
            None => step.by(&waypoint.object, ""),
        });
    }
    !trace.is_refused()
}

/// Whether a connection gets to a waypoint and from there to a pod, whatever the waypoint's own policies say; `None` where that
/// depends.
pub(crate) fn around_waypoint(
    reach: &Reach<'_>,
    from: End,
    to: usize,
    port: u16,
    waypoint: &Waypoint,
) -> Option<bool> {
    let place = crate::Place::Ip {
        ip: std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
    };
    let flow = crate::Flow::new(place.clone(), place, port);
    let asked = Asked::about(reach, &flow);
    let mut trace = Trace::default();
    let tunnel = Wire {
        traffic: Traffic::new(Protocol::Tcp, HBONE),
        encrypted: true,
    };
    let proxy = End::Pod(waypoint.pod);
    hop(&asked, from, proxy, tunnel, &KnownName::None, &mut trace);
    let pod = reach.world.pods.get(waypoint.pod)?;
    let source = Source {
        dataplane: Dataplane::Waypoint,
        identity: Some(Identity::of(pod, &reach.settings)),
        addresses: pod.ips.clone(),
        pod: Some(pod),
    };
    let leg = Leg {
        from: proxy,
        source: &source,
        to,
        port,
        service: None,
    };
    arrive(&asked, leg, &KnownName::None, &mut trace);
    trace.answer().allowed
}

/// Clients of an ambient mesh are sent through waypoints; gateways only where the Service asks for it.
pub(super) fn passes_waypoint(plane: Dataplane, asked: &Asked<'_>, service: Option<usize>) -> bool {
    match plane {
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

/// The last leg of a connection.
#[derive(Clone, Copy)]
struct Leg<'a> {
    from: End,
    source: &'a Source<'a>,
    to: usize,
    port: u16,
    service: Option<usize>,
}

/// Over the network, and through the proxy before the pod.
fn arrive(asked: &Asked<'_>, leg: Leg<'_>, name: &KnownName<'_>, trace: &mut Trace) {
    let Leg {
        from,
        source,
        to,
        port,
        service,
    } = leg;
    let told = match (asked.passed_on, asked.own_tls) {
        (true, _) => Told::Nothing,
        (false, true) => Told::OwnTls,
        (false, false) => Told::Subset(asked.subset),
    };
    let Some(handshake) = Handshake::of(asked.reach, source, to, port, service, told) else {
        return;
    };
    let traffic = Traffic::new(Protocol::Tcp, handshake.wire_port());
    let wire = Wire {
        traffic,
        encrypted: handshake.is_encrypted(),
    };
    hop(asked, from, End::Pod(to), wire, name, trace);
    for step in handshake.enforce(asked.request) {
        trace.push(step);
    }
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
