//! Replicas that manifest and autoscaler both set.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "replicas-and-autoscaler",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "The number of replicas is set by the manifest and by an autoscaler",
    explanation: "Every time the manifest is applied, replicas jump to its number and the autoscaler moves them back: pods are \
        killed for nothing, and GitOps tools report drift.",
    remedy: "leave `spec.replicas` out of the manifest",
    silent: "Where the number is the autoscaler's minimum nothing jumps at rest, and nothing is said.",
    failing: include_str!("../../fixtures/replicas-and-autoscaler/failing.yaml"),
    passing: include_str!("../../fixtures/replicas-and-autoscaler/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        let autoscaler = workload.autoscaler();
        let Some(autoscaler) =
            autoscaler.filter(|autoscaler| context.are_near(autoscaler.entry(), workload.entry()))
        else {
            continue;
        };
        let written = workload
            .entry()
            .at("spec.replicas")
            .and_then(stack_model::Value::as_u64);
        // Zero switches an autoscaler off, which may be meant.
        if let Some(replicas) =
            written.filter(|replicas| *replicas != u64::from(autoscaler.min()) && *replicas != 0)
        {
            let message = format!(
                "sets {replicas} replicas, which {} moves between {} and {}",
                autoscaler.entry(),
                autoscaler.min(),
                autoscaler.max()
            );
            sink.report(workload.entry(), path("spec.replicas"), message);
        }
    }
}
