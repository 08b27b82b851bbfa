//! Targets of autoscalers and Rollouts that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "dangling-scale-target",
    group: Group::References,
    severity: Severity::Error,
    title: "What an autoscaler or a Rollout works on does not exist",
    explanation: "An autoscaler whose target is not there does nothing, and says so only in its own status.",
    remedy: "correct the kind and name of the target",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-scale-target/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-scale-target/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::ScaleTarget], |_| true);
}
