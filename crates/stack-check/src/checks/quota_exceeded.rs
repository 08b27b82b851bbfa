//! Namespaces that ask for more than their quota.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "quota-exceeded",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A namespace asks for more than its quota allows",
    explanation: "All workloads together ask for more than the ResourceQuota allows: the last pods are never created, and only \
        the ReplicaSet says why.",
    remedy: "raise the quota, ask for less, or run fewer replicas",
    silent: "Pods that operators and injectors add. Autoscalers count with their minimum, and Jobs that a CronJob starts \
        once.",
    failing: include_str!("../../fixtures/quota-exceeded/failing.yaml"),
    passing: include_str!("../../fixtures/quota-exceeded/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for row in &context.quotas().uses {
        if row.asked > row.allowed && context.is_with_its_namespace(row.entry) {
            let message = format!(
                "the namespace asks for {} of {}, {} are allowed",
                row.asked, row.resource, row.allowed
            );
            sink.report(row.entry, path("spec.hard").key(row.resource), message);
        }
    }
}
