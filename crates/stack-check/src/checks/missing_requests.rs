//! Containers that ask for nothing.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::at;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::ContainerRole;

pub(super) const CHECK: Check = Check {
    code: "missing-requests",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A container asks for no CPU or memory",
    explanation: "The scheduler takes it for free and packs nodes too full; under pressure its pod is among the first to be \
        evicted, and an autoscaler has nothing to compare its usage with.",
    remedy: "set `resources.requests`, from what it uses in a week",
    silent: "Limits count where there are no requests, and so do defaults of a LimitRange and amounts of the pod as a whole. \
        Containers that end before the pod's own start.",
    failing: include_str!("../../fixtures/missing-requests/failing.yaml"),
    passing: include_str!("../../fixtures/missing-requests/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.written_workloads() {
        let of_pod = workload.pod_spec().and_then(|spec| at(spec, "resources"));
        if of_pod.is_some() {
            continue;
        }
        for container in workload.containers() {
            if container.role() == ContainerRole::Init || container.image().is_empty() {
                continue;
            }
            let asked = workload.container_amounts(container).requests;
            let missing: Vec<&str> = ["cpu", "memory"]
                .into_iter()
                .filter(|name| asked.get(name).is_none())
                .collect();
            if !missing.is_empty() {
                sink.report(
                    workload.template_entry(),
                    container.path().field("resources"),
                    format!("asks for no {}", missing.join(" and no ")),
                );
            }
        }
    }
}
