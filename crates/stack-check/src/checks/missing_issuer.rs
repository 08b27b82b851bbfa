//! Issuers that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-issuer",
    group: Group::References,
    severity: Severity::Error,
    title: "A certificate is to be signed by somebody who does not exist",
    explanation: "The Issuer or ClusterIssuer of a Certificate, Ingress or Gateway is not there. No certificate is \
        made, and the Secret that servers wait for never appears.",
    remedy: "correct kind and name of the issuer, or add it",
    silent: "What lies outside the input is unknown: in a part of a stack something is missing only where its \
        name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/missing-issuer/failing.yaml"),
    passing: include_str!("../../fixtures/missing-issuer/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Issuer], |_| true);
}
