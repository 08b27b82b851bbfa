//! References into other namespaces that nobody permits.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use kube_vocab::Severity;
use serde_json::Value;
use stack_gateway::BackendProblem;

pub(super) const CHECK: Check = Check {
    code: "reference-not-permitted",
    severity: Severity::Error,
    title: "A reference into another namespace is not permitted",
    explanation: "A route or a listener refers to an object of another namespace, and no ReferenceGrant there permits it. The \
        backend is treated as if it did not exist.",
    remedy: "add a ReferenceGrant to the namespace of the target, from this kind and namespace",
    silent: "Targets whose namespace has no object in the input may have a grant elsewhere.",
    failing: include_str!("../../fixtures/reference-not-permitted/failing.yaml"),
    passing: include_str!("../../fixtures/reference-not-permitted/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for route in context.routing.routes() {
        for (at, reference) in route.backend_refs() {
            let namespace = reference
                .get("namespace")
                .and_then(Value::as_str)
                .unwrap_or_default();
            // Who does not bring the target does not bring its grants either.
            let is_ours = context.model.namespace(namespace).is_some();
            if let Err((BackendProblem::RefNotPermitted, message)) =
                context.routing.backend(route, reference)
                && is_ours
            {
                sink.report(route.entry, path(&at), message);
            }
        }
    }
}
