//! Routes that their parents refuse.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::{Parent, Refusal};

pub(super) const CHECK: Check = Check {
    code: "route-not-attached",
    group: Group::References,
    severity: Severity::Error,
    title: "A parent refuses a route",
    explanation: "The route names a Gateway or Service that is there, but no listener of it takes the route: by section name or \
        port, by kind or namespace, or because they share no host. The route is accepted by the API server and serves \
        nothing.",
    remedy: "name a listener that exists, let the listener admit the namespace (allowedRoutes), or share a host with it",
    silent: "Gateways that are not in the input, and namespaces whose labels are not known.",
    failing: include_str!("../../fixtures/route-not-attached/failing.yaml"),
    passing: include_str!("../../fixtures/route-not-attached/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (position, route) in context.routing.routes().iter().enumerate() {
        let declared = context
            .model
            .namespace(route.namespace())
            .is_some_and(|namespace| namespace.is_declared());
        for (number, outcome) in context.routing.parents(position).iter().enumerate() {
            let Parent::Refused(refusal) = outcome else {
                continue;
            };
            let parent = &route.parents[number];
            let gateway = context.model.get(
                parent.group,
                parent.kind,
                Some(parent.namespace),
                parent.name,
            );
            if gateway.is_some_and(|gateway| {
                context.is_ambiguous(gateway) || !context.are_near(route.entry, gateway)
            }) {
                continue;
            }
            // By labels that are nowhere written nobody can be refused.
            if *refusal == Refusal::NotAllowedByListeners
                && !declared
                && parent.namespace != route.namespace()
            {
                continue;
            }
            let message = format!(
                "{} {}/{} does not take it: {} ({})",
                parent.kind,
                parent.namespace,
                parent.name,
                refusal.message(),
                refusal.reason()
            );
            sink.report(
                route.entry,
                path(&format!("spec.parentRefs[{number}]")),
                message,
            );
        }
    }
}
