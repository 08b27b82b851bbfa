//! Pods for which no node is large enough.

use crate::capacity;
use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::nodes::Nodes;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "pods-do-not-fit",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A pod asks for more than any node can give",
    explanation: "No node can give what one pod asks for, all pods together ask for more than all nodes have, or more \
        pods than there are nodes are so large that no two of them share one: some stay Pending, however they are placed.",
    remedy: "ask for less, or add or enlarge nodes",
    silent: "Stacks without Node objects that say what they can give; clusters that add nodes by themselves.",
    failing: include_str!("../../fixtures/pods-do-not-fit/failing.yaml"),
    passing: include_str!("../../fixtures/pods-do-not-fit/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if Nodes::of(context.model).is_none() {
        return;
    }
    for shortage in capacity::shortages(context.model) {
        let workload = shortage.workload;
        let at = match workload.pod_path() {
            "" => path("spec"),
            pod => path(pod).field("spec"),
        };
        let message = format!(
            "a pod asks for {} of {}, the largest node has {}",
            shortage.asked, shortage.resource, shortage.largest
        );
        sink.report(workload.template_entry(), at, message);
    }
    for crowd in capacity::crowds(context.model) {
        if crowd.pods > crowd.nodes {
            let message = format!(
                "{} pods, {} among them, ask for more than half of the {} that any node has beside its DaemonSets, so that no \
                 two share a node, and {} nodes can take one",
                crowd.pods, crowd.workload, crowd.resource, crowd.nodes
            );
            let at = crowd.workload.pod_field("containers");
            sink.report(crowd.workload.template_entry(), at, message);
        }
    }
    for total in capacity::totals(context.model) {
        if total.asked > total.allowed {
            let message = format!(
                "all pods ask for {} of {}, all nodes have {}",
                total.asked, total.resource, total.allowed
            );
            sink.report(
                total.node,
                path("status.allocatable").field(total.resource),
                message,
            );
        }
    }
}
