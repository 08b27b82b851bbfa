//! One port of a pod that two Services describe differently.

use std::collections::BTreeMap;

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use crate::protocol;
use kube_vocab::Severity;
use stack_model::{EntryId, Protocol, Service};

pub(super) const CHECK: Check = Check {
    code: "port-of-two-protocols",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "Two Services say of one port of a pod that it speaks different protocols",
    explanation: "The pod's proxy serves a port in one way. Which of the two Services it believes is not defined, and so the \
        requests of one of them are treated as what they are not: policies on requests, retries and metrics are lost, or \
        connections break.",
    remedy: "let all Services name the port after one protocol, or let the program listen on two ports",
    silent: "Pods without a proxy of their own, and ports of which a Service does not say what they speak.",
    failing: include_str!("../../fixtures/port-of-two-protocols/failing.yaml"),
    passing: include_str!("../../fixtures/port-of-two-protocols/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    // The first Service by name for each port of a workload, and what it says.
    let mut said: BTreeMap<(EntryId, u16), (&'static str, Service<'_>)> = BTreeMap::new();
    let mut services: Vec<Service<'_>> = model.services().collect();
    services.sort_by_key(|service| (service.namespace(), service.name()));
    for service in services {
        for workload in service.workloads() {
            if mesh::data_plane(model, &workload) != DataPlane::Sidecar {
                continue;
            }
            for (number, port) in service.ports().enumerate() {
                let spoken = protocol::of(&port).filter(|_| port.protocol == Protocol::Tcp);
                let (Some(spoken), Some(target)) =
                    (spoken.and_then(family), port.target_on(&workload))
                else {
                    continue;
                };
                let place = (workload.entry().entry_id(), target);
                let (first, by) = said.entry(place).or_insert((spoken, service));
                let other = by.entry().entry_id() != service.entry().entry_id();
                let is_near = context.are_near(by.entry(), service.entry())
                    && context.are_near(service.entry(), workload.entry());
                if *first != spoken && other && is_near {
                    let message = format!(
                        "port {target} of {workload} speaks {spoken} here, and {first} for {by}"
                    );
                    let at = path(&format!("spec.ports[{number}]"));
                    sink.report(service.entry(), at, message);
                }
            }
        }
    }
}

/// How a proxy treats what a port states; `None` for protocols that it may know or not.
fn family(stated: &str) -> Option<&'static str> {
    Some(match stated {
        "http" | "http2" | "h2c" | "grpc" | "grpc-web" => "HTTP",
        "https" | "tls" => "TLS",
        "tcp" => "plain TCP",
        _ => return None,
    })
}
