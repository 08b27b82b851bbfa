//! Ports that two containers of a pod claim.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::ContainerRole;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "container-port-twice",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "Two containers of a pod claim one port",
    explanation: "Containers of a pod share its network: the second one that listens at the port fails to start.",
    remedy: "give each a port of its own",
    silent: "Init containers, which have ended.",
    failing: include_str!("../../fixtures/container-port-twice/failing.yaml"),
    passing: include_str!("../../fixtures/container-port-twice/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        let mut seen = HashMap::new();
        let together = workload
            .containers()
            .filter(|container| container.role() != ContainerRole::Init);
        for container in together {
            for port in container.ports() {
                let key = (port.port, port.protocol);
                match seen.get(&key) {
                    Some(other) if *other != container.name() => {
                        let message = format!("container {other} claims port {}, too", port.port);
                        sink.report(
                            workload.template_entry(),
                            container.path().field("ports"),
                            message,
                        );
                    }
                    Some(_) => {}
                    None => drop(seen.insert(key, container.name())),
                }
            }
        }
    }
}
