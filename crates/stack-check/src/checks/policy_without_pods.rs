//! Network policies that select no pods.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "policy-without-pods",
    severity: Severity::Warning,
    title: "A network policy selects no pods",
    explanation: "The policy restricts nobody, since no workload of the namespace has the labels that it asks for. What it was \
        to protect stays open.",
    remedy: "select labels of the pod template",
    silent: "Where no workload of the namespace carries these keys at all, somebody else makes the pods. An empty selector \
        means all pods.",
    failing: include_str!("../../fixtures/policy-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/policy-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for policy in context.model.objects("networking.k8s.io", "NetworkPolicy") {
        let Some((selector, workloads)) = context.selected(policy, "spec.podSelector") else {
            continue;
        };
        let namespace = policy.namespace().unwrap_or_default();
        if workloads.is_empty()
            && !selector.is_everything()
            && context.speaks_of_our_pods(namespace, &selector)
        {
            sink.report(
                policy,
                path("spec.podSelector"),
                format!("no pod has the labels {}", in_words(&selector)),
            );
        }
    }
}
