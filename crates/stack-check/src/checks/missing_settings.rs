//! Settings, stores and sources that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-settings",
    group: Group::References,
    severity: Severity::Error,
    title: "An object takes its settings from something that does not exist",
    explanation: "A plugin, a filter, a store of secrets, an authentication or a source of manifests is named that \
        is not there. The controller ignores the object, or refuses all traffic that it is for.",
    remedy: "correct the name, or add what is named",
    silent: "What lies outside the input is unknown: in a part of a stack something is missing only where its \
        name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/missing-settings/failing.yaml"),
    passing: include_str!("../../fixtures/missing-settings/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Settings, Purpose::Source], |_| {
        true
    });
}
