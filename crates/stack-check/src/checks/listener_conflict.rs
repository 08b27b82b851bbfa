//! Listeners of one gateway that clash.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "listener-conflict",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Listeners of a gateway clash",
    explanation: "Two listeners of one gateway share port and host, or speak different protocols at one port. Controllers refuse \
        them, or serve one of them by chance.",
    remedy: "give each listener a port or a host of its own",
    silent: "Listeners that a ListenerSet outside the input adds.",
    failing: include_str!("../../fixtures/listener-conflict/failing.yaml"),
    passing: include_str!("../../fixtures/listener-conflict/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for listener in context.routing.listeners() {
        if let Some(message) = listener.conflict_message() {
            sink.report(
                listener.owner,
                path(&format!("spec.listeners[{}]", listener.index)),
                message,
            );
        }
    }
}
