//! Policies and projects that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-policy",
    group: Group::References,
    severity: Severity::Error,
    title: "A binding or an application names a policy or project that does not exist",
    explanation: "A binding without its policy enforces nothing; an Application of an unknown project is not synced.",
    remedy: "name one of the stack, or add it",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/missing-policy/failing.yaml"),
    passing: include_str!("../../fixtures/missing-policy/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Policy, Purpose::Project], |_| {
        true
    });
}
