//! One port of a pod that two Services offer under different numbers.

use std::collections::BTreeMap;

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use kube_vocab::Severity;
use stack_model::{EntryId, Service};

pub(super) const CHECK: Check = Check {
    code: "target-port-of-two-ports",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Two Services offer one port of a pod under different numbers",
    explanation: "The pod's proxy serves a port under the number of one Service. Which of the two it takes is not defined: \
        metrics and policies of requests to the other name the wrong port.",
    remedy: "give both Services the same port, or leave one of them out",
    silent: "Pods without a proxy of their own.",
    failing: include_str!("../../fixtures/target-port-of-two-ports/failing.yaml"),
    passing: include_str!("../../fixtures/target-port-of-two-ports/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let mut known: BTreeMap<(EntryId, u16), (u16, Service<'_>)> = BTreeMap::new();
    let mut services: Vec<Service<'_>> = model.services().collect();
    services.sort_by_key(|service| (service.namespace(), service.name()));
    for service in services {
        for workload in service.workloads() {
            if mesh::data_plane(model, &workload) != DataPlane::Sidecar {
                continue;
            }
            for (number, port) in service.ports().enumerate() {
                let Some(target) = port.target_on(&workload) else {
                    continue;
                };
                let place = (workload.entry().entry_id(), target);
                let (first, by) = known.entry(place).or_insert((port.port, service));
                let other = by.entry().entry_id() != service.entry().entry_id();
                let is_near = context.are_near(by.entry(), service.entry())
                    && context.are_near(service.entry(), workload.entry());
                if *first != port.port && other && is_near {
                    let message = format!(
                        "port {target} of {workload} is {} here, and {first} of {by}",
                        port.port
                    );
                    sink.report(
                        service.entry(),
                        path(&format!("spec.ports[{number}]")),
                        message,
                    );
                }
            }
        }
    }
}
