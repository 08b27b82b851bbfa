//! Disruption budgets that never let a pod go.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{path, scaled};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Workload;

pub(super) const CHECK: Check = Check {
    code: "disruption-budget-blocks",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "A disruption budget never lets a pod go",
    explanation: "With these numbers no pod may be evicted while all is well, so that a node can never be drained: upgrades of \
        the cluster hang.",
    remedy: "run more replicas, or let one pod be missing (`maxUnavailable: 1`)",
    silent: "Pods whose number the input does not say. An autoscaler counts with its minimum.",
    failing: include_str!("../../fixtures/disruption-budget-blocks/failing.yaml"),
    passing: include_str!("../../fixtures/disruption-budget-blocks/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for budget in context.model.objects("policy", "PodDisruptionBudget") {
        let Some((_, workloads)) = context.selected(budget, "spec.selector") else {
            continue;
        };
        let is_unknown = |workload: &Workload<'_>| {
            !workload.replicas().known || !context.are_near(budget, workload.entry())
        };
        if workloads.iter().any(is_unknown) {
            continue;
        }
        let pods: u32 = workloads
            .iter()
            .map(|workload| workload.replicas().min)
            .sum();
        let (at, may_go) = match (
            budget.at("spec.minAvailable"),
            budget.at("spec.maxUnavailable"),
        ) {
            (Some(least), _) => (
                "spec.minAvailable",
                scaled(least, pods).map(|least| pods.saturating_sub(least)),
            ),
            (None, Some(most)) => ("spec.maxUnavailable", scaled(most, pods)),
            (None, None) => continue,
        };
        if pods > 0 && may_go == Some(0) {
            sink.report(
                budget,
                path(at),
                format!("none of the {pods} pods may ever be evicted"),
            );
        }
    }
}
