//! Identities in policies that nobody has.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "unknown-principal",
    group: Group::References,
    severity: Severity::Warning,
    title: "A policy speaks of an identity that nobody has",
    explanation: "An AuthorizationPolicy names a service account that does not exist. An ALLOW rule then lets \
        nobody in, a DENY rule keeps nobody out.",
    remedy: "correct namespace and name of the account: `cluster.local/ns/NAMESPACE/sa/NAME`",
    silent: "What lies outside the input is unknown: in a part of a stack something is missing only where its \
        name is one letter away from one that is there. Patterns with `*`.",
    failing: include_str!("../../fixtures/unknown-principal/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-principal/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Principal], |_| true);
}
