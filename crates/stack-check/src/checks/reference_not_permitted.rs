//! References into other namespaces that nobody permits.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::BackendProblem;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "reference-not-permitted",
    group: Group::References,
    severity: Severity::Error,
    title: "A reference into another namespace is not permitted",
    explanation: "A route or a listener refers to an object of another namespace, and no ReferenceGrant there permits it. The \
        backend is treated as if it did not exist.",
    remedy: "add a ReferenceGrant to the namespace of the target, from this kind and namespace",
    silent: "Targets that are not in the input, unless their namespace has other grants in it.",
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
            let brings = |group: &'static str, kind: &'static str| {
                let mut objects = context.model.objects_in(group, kind, namespace);
                objects.next().is_some()
            };
            let name = reference.get("name").and_then(Value::as_str);
            let target = name.and_then(|name| context.model.service(namespace, name));
            let has_target =
                target.is_some_and(|target| context.are_near(route.entry, target.entry()));
            let is_ours = has_target || brings("gateway.networking.k8s.io", "ReferenceGrant");
            if let Err((BackendProblem::RefNotPermitted, message)) =
                context.routing.backend(route, reference)
                && is_ours
            {
                sink.report(route.entry, path(&at), message);
            }
        }
    }
}
