//! Service accounts and roles that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-identity",
    group: Group::References,
    severity: Severity::Error,
    title: "A service account or a role does not exist",
    explanation: "A pod without its ServiceAccount is not created at all; a binding to a role or an account that is not there \
        gives nobody any right.",
    remedy: "correct the name, or add the account or role",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there. The roles and accounts that every cluster has exist.",
    failing: include_str!("../../fixtures/missing-identity/failing.yaml"),
    passing: include_str!("../../fixtures/missing-identity/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Identity], |_| true);
}
