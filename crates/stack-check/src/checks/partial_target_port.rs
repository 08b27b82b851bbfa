//! Named target ports that only some pods have.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{TargetPort, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "partial-target-port",
    group: Group::References,
    severity: Severity::Warning,
    title: "Some of the pods behind a Service lack the port that it names",
    explanation: "A target port that is a name is looked up in each pod. Pods of the workload that does not \
        declare it get no traffic, although the Service selects them.",
    remedy: "declare the port there, too, or select one workload alone",
    silent: "Pods that end: Jobs and CronJobs. Numbers.",
    failing: include_str!("../../fixtures/partial-target-port/failing.yaml"),
    passing: include_str!("../../fixtures/partial-target-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        let named = service
            .ports()
            .any(|port| matches!(port.target, TargetPort::Name(_)));
        if !named || context.is_ambiguous(service.entry()) {
            continue;
        }
        let mut workloads: Vec<_> = service.workloads().collect();
        workloads.retain(|workload| {
            let ends = matches!(workload.kind(), WorkloadKind::Job | WorkloadKind::CronJob);
            !ends
                && !context.is_ambiguous(workload.template_entry())
                && context.are_near(service.entry(), workload.entry())
        });
        for (number, port) in service.ports().enumerate() {
            let TargetPort::Name(name) = port.target else {
                continue;
            };
            let has = workloads
                .iter()
                .filter(|workload| port.target_on(workload).is_some())
                .count();
            let lacking = workloads
                .iter()
                .filter(|workload| port.target_on(workload).is_none())
                .min_by_key(|workload| (workload.kind(), workload.name()));
            if let Some(workload) = lacking.filter(|_| has > 0) {
                let message = format!("selects {workload}, which declares no port `{name}`");
                let at = format!("spec.ports[{number}].targetPort");
                sink.report(service.entry(), path(&at), message);
            }
        }
    }
}
