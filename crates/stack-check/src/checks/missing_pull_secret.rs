//! Secrets for pulling images that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-pull-secret",
    group: Group::References,
    severity: Severity::Warning,
    title: "A Secret for pulling images does not exist",
    explanation: "The pod or account names a Secret with the credentials of a registry that is not there. The pull \
        is tried without it, and fails if the registry asks for credentials.",
    remedy: "correct the name, or leave the entry out",
    silent: "What lies outside the input is unknown: in a part of a stack something is missing only where its \
        name is one letter away from one that is there. Secrets are reported as missing only in a whole stack.",
    failing: include_str!("../../fixtures/missing-pull-secret/failing.yaml"),
    passing: include_str!("../../fixtures/missing-pull-secret/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::PullSecret], |_| true);
}
