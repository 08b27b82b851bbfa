//! Pods that no node takes.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Selector;

pub(super) const CHECK: Check = Check {
    code: "no-node-fits",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "No node has the labels that pods ask for",
    explanation: "The nodeSelector fits no node of the cluster definition: the pods stay Pending.",
    remedy: "label a node, or change the selector",
    silent: "Stacks without nodes; labels that clouds, kubelets and operators set (`kubernetes.io/...`, `topology.../...`).",
    failing: include_str!("../../fixtures/no-node-fits/failing.yaml"),
    passing: include_str!("../../fixtures/no-node-fits/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let known: Vec<_> = context.model.nodes().collect();
    let nodes: Vec<_> = known.iter().map(|node| node.labels()).collect();
    // Where nodes come and go by a pool, the pool labels them.
    if nodes.is_empty()
        || context
            .model
            .objects("karpenter.sh", "NodePool")
            .next()
            .is_some()
    {
        return;
    }
    for workload in context.model.workloads() {
        let selector = workload
            .pod_spec()
            .and_then(|spec| spec.get("nodeSelector"));
        let Some(selector) = selector.and_then(|selector| Selector::read_labels(selector).ok())
        else {
            continue;
        };
        let ours = Selector::new(
            selector
                .requirements()
                .iter()
                .filter(|requirement| !is_set_by_others(&requirement.key))
                .cloned(),
        );
        // A Node object far away may be one of another cluster; a kind configuration is a cluster as a whole.
        let are_its_nodes = || {
            known.iter().any(|node| {
                node.kind_index().is_some()
                    || context.are_beside(node.entry(), workload.template_entry())
            })
        };
        if !nodes.iter().any(|labels| ours.matches(labels)) && are_its_nodes() {
            let at = path(workload.pod_path())
                .field("spec")
                .field("nodeSelector");
            sink.report(
                workload.template_entry(),
                at,
                format!("no node has the labels {}", in_words(&ours)),
            );
        }
    }
}

fn is_set_by_others(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    [
        "kubernetes.io",
        "k8s.io",
        "amazonaws.com",
        "google.com",
        "azure.com",
    ]
    .iter()
    .any(|suffix| domain.ends_with(suffix))
}
