//! Routes that hang on nothing.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "detached-route",
    group: Group::References,
    severity: Severity::Warning,
    title: "A route hangs on no parent",
    explanation: "A route without `parentRefs` is accepted by the API server, and no controller looks at it.",
    remedy: "name the Gateway (or the Service, inside a mesh) in `spec.parentRefs`",
    silent: "Routes that ask for the default Gateways.",
    failing: include_str!("../../fixtures/detached-route/failing.yaml"),
    passing: include_str!("../../fixtures/detached-route/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for route in context.routing.routes() {
        let takes_defaults = route
            .entry
            .at("spec.useDefaultGateways")
            .and_then(Value::as_str)
            .is_some_and(|scope| scope != "None");
        if route.parents.is_empty() && !takes_defaults && route.entry.at("spec.rules").is_some() {
            sink.report(route.entry, path("spec"), "it names no parent");
        }
    }
}
