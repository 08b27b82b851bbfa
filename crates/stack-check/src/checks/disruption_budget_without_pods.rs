//! Disruption budgets that protect no pods.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "disruption-budget-without-pods",
    group: Group::References,
    severity: Severity::Warning,
    title: "A disruption budget protects no pods",
    explanation: "The selector fits no workload of the namespace: the pods that were meant can all be evicted at once.",
    remedy: "select labels of the pod template",
    silent: "In a part of a stack its pods may be elsewhere: something is said where a value is misspelt, where the labels are \
        those of a workload and not of its pods, or where a workload bears the same name. In a whole stack, where no workload \
        of the namespace carries these keys, somebody else makes the pods.",
    failing: include_str!("../../fixtures/disruption-budget-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/disruption-budget-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for budget in context.model.objects("policy", "PodDisruptionBudget") {
        let Some((selector, workloads)) = context.selected(budget, "spec.selector") else {
            continue;
        };
        if workloads.is_empty()
            && context.is_for_our_pods(budget, budget.namespace().unwrap_or_default(), &selector)
        {
            sink.report(
                budget,
                path("spec.selector"),
                format!("no pod has the labels {}", in_words(&selector)),
            );
        }
    }
}
