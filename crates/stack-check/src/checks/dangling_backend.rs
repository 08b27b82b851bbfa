//! Traffic that is sent to a Service that does not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "dangling-backend",
    group: Group::References,
    severity: Severity::Error,
    title: "Traffic is sent to a Service that does not exist",
    explanation: "A route, an Ingress, a VirtualService or a Rollout names a Service that is not in the stack. Clients get an \
        error (500 or 503) although every object is valid by itself.",
    remedy: "name a Service of the stack, or add it",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-backend/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-backend/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Backend], |reference| {
        reference.from.kind() != "StatefulSet"
    });
}
