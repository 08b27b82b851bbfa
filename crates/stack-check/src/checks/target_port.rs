//! Named target ports that no container declares.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::TargetPort;

pub(super) const CHECK: Check = Check {
    code: "target-port",
    group: Group::References,
    severity: Severity::Error,
    title: "A Service sends traffic to a named port that its pods do not declare",
    explanation: "A target port that is a name is looked up in the containers of each pod. Where no container has it, the pod \
        gets no traffic through that port.",
    remedy: "name a port of a container (`ports[].name`), or use its number",
    silent: "Numbers: a container may listen without saying so. Services whose pods are not in the input.",
    failing: include_str!("../../fixtures/target-port/failing.yaml"),
    passing: include_str!("../../fixtures/target-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        if context.is_ambiguous(service.entry()) {
            continue;
        }
        let mut workloads = None;
        for (number, port) in service.ports().enumerate() {
            let TargetPort::Name(name) = port.target else {
                continue;
            };
            let workloads =
                workloads.get_or_insert_with(|| service.workloads().collect::<Vec<_>>());
            // One is enough: pods of several kinds may share a Service.
            if !workloads.is_empty()
                && !workloads.iter().any(|workload| {
                    context.is_ambiguous(workload.template_entry())
                        || !context.are_near(service.entry(), workload.entry())
                })
                && workloads
                    .iter()
                    .all(|workload| port.target_on(workload).is_none())
            {
                // The same one in any order of the input.
                let named = workloads
                    .iter()
                    .min_by_key(|workload| (workload.kind(), workload.name()));
                let Some(named) = named else {
                    continue;
                };
                let protocol = port.protocol.as_str();
                let message =
                    format!("no container of {named} declares a {protocol} port `{name}`");
                sink.report(
                    service.entry(),
                    path(&format!("spec.ports[{number}].targetPort")),
                    message,
                );
            }
        }
    }
}
