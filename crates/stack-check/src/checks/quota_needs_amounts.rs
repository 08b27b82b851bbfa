//! Pods that a quota refuses because they do not say what they ask for.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "quota-needs-amounts",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A quota refuses pods that do not say what they ask for",
    explanation: "Where a quota limits a resource, every container has to say its request or limit for it. Pods of a workload \
        that does not are refused.",
    remedy: "set it for every container, or give the namespace a LimitRange with defaults",
    silent: "Containers that an injector adds later.",
    failing: include_str!("../../fixtures/quota-needs-amounts/failing.yaml"),
    passing: include_str!("../../fixtures/quota-needs-amounts/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for refusal in &context.quotas().silent {
        if !context.are_near(refusal.quota, refusal.workload.entry()) {
            continue;
        }
        let message = format!(
            "a container says no {}, which {} demands",
            refusal.resource, refusal.quota
        );
        sink.report(
            refusal.workload.entry(),
            FieldPath::parse(refusal.workload.pod_path()),
            message,
        );
    }
}
