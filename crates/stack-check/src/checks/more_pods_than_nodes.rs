//! Pods that each want a node of their own.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{NodeRole, PodMatch, Selector, Workload, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "more-pods-than-nodes",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "More pods than nodes, though each wants a node of its own",
    explanation: "The pods refuse to share a node with each other, and there are fewer nodes than replicas: some stay Pending \
        for ever.",
    remedy: "prefer instead of require, run fewer replicas, or add nodes",
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
        let terms = workload.pod_spec().and_then(|spec| {
            spec.get("affinity")?
                .get("podAntiAffinity")?
                .get("requiredDuringSchedulingIgnoredDuringExecution")?
                .as_array()
        });
        let alone = terms.into_iter().flatten().any(|term| {
            let selector = term
                .get("labelSelector")
                .and_then(|selector| Selector::read(selector).ok());
            term.get("topologyKey").and_then(Value::as_str) == Some("kubernetes.io/hostname")
                && selector
                    .is_some_and(|selector| workload.matched_by(&selector) == PodMatch::Every)
        });
        let replicas = workload.replicas();
        if alone && replicas.known && replicas.min as usize > nodes {
            let at = path(workload.pod_path())
                .field("spec")
                .field("affinity")
                .field("podAntiAffinity");
            sink.report(
                workload.template_entry(),
                at,
                format!("{} pods want a node each, there are {nodes}", replicas.min),
            );
        }
    }
}
