//! Pods that two disruption budgets protect.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "two-disruption-budgets",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two disruption budgets protect one pod",
    explanation: "The eviction API refuses to evict a pod that two budgets select: a node with such a pod cannot be drained.",
    remedy: "keep one budget per pod",
    silent: "Budgets that are not in the input.",
    failing: include_str!("../../fixtures/two-disruption-budgets/failing.yaml"),
    passing: include_str!("../../fixtures/two-disruption-budgets/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut budgets: Vec<&Entry> = context
        .model
        .objects("policy", "PodDisruptionBudget")
        .collect();
    budgets.sort_by_cached_key(|budget| (budget.namespace(), budget.name()));
    let mut seen: HashMap<_, &Entry> = HashMap::new();
    for budget in budgets {
        let selected = context
            .selected(budget, "spec.selector")
            .map(|(_, workloads)| workloads);
        for workload in selected.into_iter().flatten() {
            if let Some(other) = seen.insert(workload.entry().entry_id(), budget)
                && context.are_together(budget, other)
                && context.are_near(budget, workload.entry())
            {
                let message = format!("protects {workload} beside {other}");
                sink.report(budget, path("spec.selector"), message);
            }
        }
    }
}
