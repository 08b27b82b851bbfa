//! References into other namespaces that nobody permits.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::BackendProblem;
use stack_model::{Purpose, Resolution, Value};

pub(super) const CHECK: Check = Check {
    code: "reference-not-permitted",
    group: Group::References,
    severity: Severity::Error,
    title: "A reference into another namespace is not permitted",
    explanation: "A route or a listener refers to an object of another namespace, and no ReferenceGrant there permits it. The \
        backend or the certificate is treated as if it did not exist.",
    remedy: "add a ReferenceGrant to the namespace of the target, from this kind and namespace",
    silent: "Targets that are not in the input, unless their namespace has other grants in it.",
    failing: include_str!("../../fixtures/reference-not-permitted/failing.yaml"),
    passing: include_str!("../../fixtures/reference-not-permitted/passing.yaml"),
    run,
};

/// Certificates that Gateways and ListenerSets take from other namespaces.
fn look_at_certificates(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for kind in ["Gateway", "ListenerSet"] {
        for entry in model.objects("gateway.networking.k8s.io", kind) {
            for reference in model.references_of(entry) {
                let Some(namespace) = reference.namespace else {
                    continue;
                };
                let Resolution::Found(target) = model.resolve(&reference, context.extent) else {
                    continue;
                };
                if reference.purpose == Purpose::Certificate
                    && context.are_near(entry, target)
                    && !context.routing.permits(entry, target)
                {
                    let at = reference.path.to_field_path();
                    let message =
                        format!("no ReferenceGrant of namespace {namespace} permits {target}");
                    sink.report(entry, at, message);
                }
            }
        }
    }
}

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    look_at_certificates(context, sink);
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
