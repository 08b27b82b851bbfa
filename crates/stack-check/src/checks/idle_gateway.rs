//! Gateways without any route.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::ListenerProtocol;
use stack_model::{EntryId, Extent};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    code: "idle-gateway",
    group: Group::References,
    severity: Severity::Warning,
    title: "A Gateway has no route",
    explanation: "No route attaches to any listener of the Gateway: every request gets 404 or no answer, while a \
        load balancer may cost money.",
    remedy: "attach a route, or take the Gateway away",
    silent: "Parts of a stack, whose routes may be elsewhere. Waypoints, which work without routes.",
    failing: include_str!("../../fixtures/idle-gateway/failing.yaml"),
    passing: include_str!("../../fixtures/idle-gateway/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part {
        return;
    }
    let listeners = context.routing.listeners();
    let busy: HashSet<EntryId> = (0..listeners.len())
        .filter(|listener| !context.routing.attached(*listener).is_empty())
        .map(|listener| listeners[listener].owner.entry_id())
        .collect();
    let mut seen = HashSet::new();
    for listener in listeners {
        let owner = listener.owner;
        let is_mesh = listener.protocol == ListenerProtocol::Hbone;
        if owner.kind() == "Gateway"
            && !is_mesh
            && !busy.contains(&owner.entry_id())
            && seen.insert(owner.entry_id())
        {
            sink.report(
                owner,
                path("spec.listeners"),
                "no route attaches to any of its listeners",
            );
        }
    }
}
