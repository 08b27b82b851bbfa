//! Nodes of which none may fail.

use crate::capacity;
use crate::check::{Check, Group};
use crate::context::path;
use crate::context::{Context, Sink};
use crate::nodes::Nodes;
use kube_vocab::Severity;
use stack_model::NodeRole;

pub(super) const CHECK: Check = Check {
    code: "no-room-after-node-loss",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "If one node fails, its pods find no room",
    explanation: "What all pods ask for fits all nodes, but not all nodes without the largest. When a node fails \
        or is drained, pods stay Pending until it is back.",
    remedy: "keep a node in reserve, or ask for less",
    silent: "Stacks without Node objects that say what they can give; a single node, of which everybody \
        knows; clusters that add nodes by themselves.",
    failing: include_str!("../../fixtures/no-room-after-node-loss/failing.yaml"),
    passing: include_str!("../../fixtures/no-room-after-node-loss/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let workers = context
        .model
        .nodes()
        .filter(|node| node.role() == NodeRole::Worker)
        .count();
    // A pod that fits no node finds no room at any time.
    let is_hopeless = || !capacity::shortages(context.model).is_empty();
    if workers < 2 || Nodes::of(context.model).is_none() || is_hopeless() {
        return;
    }
    for total in capacity::totals(context.model) {
        if total.asked <= total.allowed && total.asked > total.without_largest {
            let message = format!(
                "pods ask for {} of {}, the nodes without the largest have {}",
                total.asked, total.resource, total.without_largest
            );
            sink.report(
                total.node,
                path("status.allocatable").field(total.resource),
                message,
            );
        }
    }
}
