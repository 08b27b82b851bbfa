//! Webhooks and APIs whose Service does not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "dangling-webhook",
    group: Group::References,
    severity: Severity::Error,
    title: "The API server asks a Service that does not exist",
    explanation: "A webhook, an aggregated API or a conversion names a Service that is not there. With failurePolicy Fail, which \
        is the default, every request that it is for is refused.",
    remedy: "name the Service of the webhook, or take the configuration out with it",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-webhook/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-webhook/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Webhook], |_| true);
}
