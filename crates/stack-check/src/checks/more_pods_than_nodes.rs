//! Pods that each want a node of their own.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::nodes::wants_a_node_each;
use kube_vocab::Severity;
use stack_model::{Container, NodeRole, Workload, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "more-pods-than-nodes",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "More pods than nodes, though each wants a node of its own",
    explanation: "The pods refuse to share a node with each other, or each claims the same port of its node, and there are fewer \
        nodes than replicas: some stay Pending for ever.",
    remedy: "prefer instead of require, claim no port of the node, run fewer replicas, or add nodes",
    silent: "Stacks without nodes or a cluster definition; clusters that add nodes by themselves.",
    failing: include_str!("../../fixtures/more-pods-than-nodes/failing.yaml"),
    passing: include_str!("../../fixtures/more-pods-than-nodes/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let workers = context
        .model
        .nodes()
        .filter(|node| node.role() == NodeRole::Worker)
        .count();
    let all = context.model.nodes().count();
    // A single node takes everything.
    let nodes = if workers == 0 { all } else { workers };
    if nodes == 0 {
        return;
    }
    // A DaemonSet has a pod per node that takes it, whatever number of nodes that is.
    let spread = |workload: &Workload<'_>| workload.kind() != WorkloadKind::DaemonSet;
    for workload in context.model.workloads().filter(spread) {
        let replicas = workload.replicas();
        let at = if wants_a_node_each(&workload) {
            Some(workload.pod_field("affinity").field("podAntiAffinity"))
        } else {
            let mut containers = workload.containers();
            let claims =
                |container: &Container<'_>| container.ports().any(|port| port.host_port.is_some());
            containers
                .find(claims)
                .map(|container| container.path().field("ports"))
        };
        let is_too_much = replicas.known && replicas.min as usize > nodes;
        if let Some(at) = at.filter(|_| is_too_much) {
            sink.report(
                workload.template_entry(),
                at,
                format!("{} pods want a node each, there are {nodes}", replicas.min),
            );
        }
    }
}
