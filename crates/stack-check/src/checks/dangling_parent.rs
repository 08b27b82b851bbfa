//! Objects that hang on a parent that does not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "dangling-parent",
    group: Group::References,
    severity: Severity::Error,
    title: "An object hangs on a parent that does not exist",
    explanation: "A route names a Gateway, or a policy names a target, that is not in the stack. No controller looks at it: it \
        is accepted, and does nothing.",
    remedy: "name a parent of the stack, or add it",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-parent/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-parent/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Parent], |_| true);
}
