//! Looking up the name of the destination.

use super::asked::{Asked, End};
use super::hop::subject;
use super::places::peer;
use crate::answer::{Layer, Trace, Verdict};
use crate::flow::Place;
use crate::policy::{Direction, KnownName, L7, Peer, Subject, Traffic};
use crate::world::World;
use crate::{Protocol, Reach};

/// A lookup of the destination's name.
pub(super) struct Lookup {
    pub(super) name: String,
    /// Whether Cilium's proxy saw the answer.
    pub(super) learned: bool,
    /// Why the client gets no answer; empty if it gets one.
    pub(super) steps: Trace,
}

/// The lookup that comes before a flow; `None` where the client knows the address.
pub(super) fn of(asked: &Asked<'_>, source: End) -> Option<Lookup> {
    let name = match (&asked.flow.dns, &asked.flow.to) {
        (Some(name), _) | (None, Place::Name { name }) => name.clone(),
        _ => return None,
    };
    let unseen = |name, steps| {
        Some(Lookup {
            name,
            learned: false,
            steps,
        })
    };
    let Some(Subject::Pod(pod)) = subject(asked, source) else {
        return unseen(name, Trace::default());
    };
    let mut refusal: Option<Trace> = None;
    for server in servers(asked.reach) {
        for protocol in [Protocol::Udp, Protocol::Tcp] {
            let (steps, learned) = ask(asked, pod, server, protocol, &name);
            if !steps.is_refused() {
                return Some(Lookup {
                    name,
                    learned,
                    steps: Trace::default(),
                });
            }
            refusal = refusal.or(Some(steps));
        }
    }
    let mut steps = Trace::default();
    if let Some(refusal) = refusal {
        steps.allow(
            Layer::Service,
            format!("the client asks for the address of {name}"),
        );
        steps.append(refusal);
    }
    unseen(name, steps)
}

/// One lookup: whether it passes, and whether the proxy learns the answer.
fn ask(
    asked: &Asked<'_>,
    pod: usize,
    server: End,
    protocol: Protocol,
    name: &str,
) -> (Trace, bool) {
    let reach = asked.reach;
    let mut trace = Trace::default();
    let port = port_of(reach, server, protocol);
    let traffic = Traffic::new(protocol, port);
    let context = reach.context(KnownName::None);
    let judged = reach.policies.judge(
        Direction::Egress,
        Subject::Pod(pod),
        peer(reach, server, End::Pod(pod)),
        &traffic,
        &context,
    );
    let admitted = judged.l7.as_ref().is_none_or(|gates| {
        gates.iter().any(|gate| match &gate.rule.rules {
            L7::Dns(names) => names.iter().any(|pattern| pattern.matches(name)),
            L7::Any => true,
            _ => false,
        })
    });
    let learned = judged.dns_is_seen && admitted;
    trace.push(judged.step);
    if !admitted {
        trace.refuse(
            Layer::L7Proxy,
            format!("no DNS rule lets the client ask for {name}"),
        );
    }
    if let End::Pod(index) = server
        && reach.world.pods.get(index).is_some_and(|pod| !pod.implied)
    {
        let from = Peer::Pod(pod);
        trace.push(
            reach
                .policies
                .judge(
                    Direction::Ingress,
                    Subject::Pod(index),
                    from,
                    &traffic,
                    &context,
                )
                .step,
        );
    }
    (trace, learned)
}

/// Whether policies let a pod ask some DNS server for names.
pub(crate) fn reaches_dns(reach: &Reach<'_>, pod: usize) -> bool {
    let context = reach.context(KnownName::None);
    servers(reach).any(|server| {
        [Protocol::Udp, Protocol::Tcp].into_iter().any(|protocol| {
            let traffic = Traffic::new(protocol, port_of(reach, server, protocol));
            let other = peer(reach, server, End::Pod(pod));
            let judged = reach.policies.judge(
                Direction::Egress,
                Subject::Pod(pod),
                other,
                &traffic,
                &context,
            );
            judged.step.verdict != Verdict::Refused
        })
    })
}

/// The port on which a DNS server listens.
fn port_of(reach: &Reach<'_>, server: End, protocol: Protocol) -> u16 {
    let pod = match server {
        End::Pod(index) => reach.world.pods.get(index),
        _ => None,
    };
    let ports = pod.into_iter().flat_map(|pod| &pod.ports);
    ports
        .into_iter()
        .find(|port| port.protocol == protocol && is_dns(port.port))
        .map_or(53, |port| port.port)
}

const fn is_dns(port: u16) -> bool {
    matches!(port, 53 | 5353 | 8053 | 1053)
}

/// The DNS servers of the cluster.
fn servers(reach: &Reach<'_>) -> impl Iterator<Item = End> {
    let pods = reach.dns_servers.get_or_init(|| pods_of_dns(&reach.world));
    pods.iter().map(|&pod| super::places::pod_end(reach, pod))
}

/// The pods that answer for names: those behind the Service of DNS, or with its label.
fn pods_of_dns(world: &World) -> Vec<usize> {
    let services = world.services.iter().filter(|service| service.is_dns());
    let behind: Vec<_> = services
        .flat_map(|service| service.pods.iter().copied())
        .collect();
    if !behind.is_empty() {
        return behind;
    }
    let labelled = world.pods.iter().enumerate().filter(|(_, pod)| {
        let app = pod.labels.get("k8s-app");
        app.is_some_and(|app| app == "kube-dns")
    });
    labelled.map(|(index, _)| index).collect()
}
