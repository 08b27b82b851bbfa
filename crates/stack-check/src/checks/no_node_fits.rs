//! Pods that no node takes.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{ClusterNode, Selector, Value, Workload, WorkloadKind};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "no-node-fits",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "No node has the labels that pods ask for, or each repels them",
    explanation: "The nodeSelector fits no node of the cluster definition, or every node has a taint that the pods do not tolerate: \
        they stay Pending.",
    remedy: "label a node, change the selector, or tolerate a taint",
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
    let taints = repellent(&known);
    for workload in context.model.workloads() {
        look_at_taints(context, &workload, &taints, sink);
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

/// The nodes with their taints, one for each set of them; none where some node repels nobody, or is one of a kind configuration.
fn repellent<'m>(nodes: &[ClusterNode<'m>]) -> Vec<(ClusterNode<'m>, Vec<&'m Value>)> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for node in nodes {
        let taints = node.entry().items_at("spec.taints").iter();
        let taints: Vec<&Value> = taints.filter(|taint| repels(taint)).collect();
        if taints.is_empty() || node.kind_index().is_some() {
            return Vec::new();
        }
        let words: Vec<String> = taints.iter().map(ToString::to_string).collect();
        if known.insert(words) {
            found.push((*node, taints));
        }
    }
    found
}

/// Whether a taint keeps pods away that do not tolerate it. What the control plane says of the state of a node comes and goes.
fn repels(taint: &Value) -> bool {
    let key = text(taint, "key").unwrap_or_default();
    matches!(text(taint, "effect"), Some("NoSchedule" | "NoExecute"))
        && !key.starts_with("node.kubernetes.io/")
        && !key.starts_with("node.cloudprovider.kubernetes.io/")
}

/// Reports a workload that tolerates the taints of no node.
fn look_at_taints(
    context: &Context<'_>,
    workload: &Workload<'_>,
    nodes: &[(ClusterNode<'_>, Vec<&Value>)],
    sink: &mut Sink<'_, '_>,
) {
    let Some(spec) = workload.pod_spec() else {
        return;
    };
    if workload.kind() == WorkloadKind::DaemonSet || text(spec, "nodeName").is_some() {
        return;
    }
    let tolerations = list(spec, "tolerations");
    let mut keys = Vec::new();
    for (node, taints) in nodes {
        let mut open = taints
            .iter()
            .filter(|taint| !tolerations.iter().any(|one| tolerates(one, taint)));
        match open.next() {
            Some(taint) if context.are_beside(node.entry(), workload.entry()) => {
                keys.extend(text(taint, "key"));
            }
            _ => return,
        }
    }
    if let Some(first) = keys.into_iter().min() {
        let message = format!("tolerates the taints of no node, such as {first}");
        let at = workload.pod_field("tolerations");
        sink.report(workload.template_entry(), at, message);
    }
}

fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let same = |member: &str| {
        text(toleration, member).unwrap_or_default() == text(taint, member).unwrap_or_default()
    };
    let exists = text(toleration, "operator") == Some("Exists");
    let has_key = text(toleration, "key").is_some_and(|key| !key.is_empty());
    let fits_effect = text(toleration, "effect").is_none_or(str::is_empty) || same("effect");
    fits_effect && ((exists && !has_key) || (same("key") && (exists || same("value"))))
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
