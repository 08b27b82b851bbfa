//! Services that select no pods.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "service-without-pods",
    group: Group::References,
    severity: Severity::Error,
    title: "A Service selects no pods",
    explanation: "No workload of the namespace has the labels that the Service asks for. Clients get connection refused or 503.",
    remedy: "select labels of the pod template (`spec.template.metadata.labels`), not of the Deployment",
    silent: "In a part of a stack its pods may be elsewhere: something is said where a value is misspelt, where the labels are \
        those of a workload and not of its pods, or where a workload bears the same name. In a whole stack, where no workload \
        of the namespace carries these keys, somebody else makes the pods. Services without a selector, and ExternalName.",
    failing: include_str!("../../fixtures/service-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/service-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        let Some(selector) = service.selector() else {
            continue;
        };
        let is_empty = context
            .model
            .select_workloads(service.namespace(), &selector)
            .is_empty();
        if is_empty && context.is_for_our_pods(service.entry(), service.namespace(), &selector) {
            let message = format!(
                "no pod of namespace {} has the labels {}",
                service.namespace(),
                in_words(&selector)
            );
            sink.report(service.entry(), path("spec.selector"), message);
        }
    }
}
