//! Quotas without room for a rollout.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "quota-without-room",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "A quota has no room for a rollout or for the autoscaler",
    explanation: "At rest everything fits. But the extra pods of a rolling update, or the replicas up to which an autoscaler may \
        go, do not: the update hangs, or the autoscaler stops below its maximum.",
    remedy: "leave room for the surge and for the maximum, or lower them",
    silent: "Pods that operators and injectors add.",
    failing: include_str!("../../fixtures/quota-without-room/failing.yaml"),
    passing: include_str!("../../fixtures/quota-without-room/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let rows = context.quotas().uses.iter();
    let rows = rows
        .filter(|row| row.asked <= row.allowed && row.at_rollout.max(row.at_most) > row.allowed);
    for row in rows.filter(|row| context.is_with_its_namespace(row.entry)) {
        let at = path("spec.hard").key(row.resource);
        if row.at_rollout > row.allowed {
            let message = format!(
                "a rollout asks for {} of {}, {} are allowed",
                row.at_rollout, row.resource, row.allowed
            );
            sink.report(row.entry, at, message);
        } else if row.at_most > row.allowed {
            let message = format!(
                "with all replicas that autoscalers may run {} of {} are asked for, {} are allowed",
                row.at_most, row.resource, row.allowed
            );
            sink.report(row.entry, at, message);
        }
    }
}
