//! Nodes of which none may fail.

use crate::capacity;
use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
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
    // What does not fit now finds no room at any time.
    let is_hopeless = || {
        let mut crowds = capacity::crowds(context.model).into_iter();
        !capacity::shortages(context.model).is_empty()
            || crowds.any(|crowd| crowd.pods > crowd.nodes)
    };
    if workers < 2 || Nodes::of(context.model).is_none() || is_hopeless() {
        return;
    }
    for crowd in capacity::crowds(context.model) {
        if crowd.pods == crowd.nodes && crowd.pods > 1 {
            let message = format!(
                "{} pods, {} among them, ask for more than half of the {} that any node has beside its DaemonSets, and need {} \
                 nodes: all that can take one",
                crowd.pods, crowd.workload, crowd.resource, crowd.nodes
            );
            let at = crowd.workload.pod_field("containers");
            sink.report(crowd.workload.template_entry(), at, message);
        }
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
