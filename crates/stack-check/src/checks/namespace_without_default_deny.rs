//! Namespaces in which everybody may call everybody.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::{Entry, Selector};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    code: "namespace-without-default-deny",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Nothing keeps others from calling the pods of a namespace",
    explanation: "No network policy selects all pods of the namespace: those that no other policy selects can be \
        called by every pod of the cluster.",
    remedy: "add a policy that selects all pods and allows nothing, then allow what is needed",
    silent: "Namespaces without pods in the input; clusters with policies of the administrator or for all \
        namespaces.",
    failing: include_str!("../../fixtures/namespace-without-default-deny/failing.yaml"),
    passing: include_str!("../../fixtures/namespace-without-default-deny/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let for_all = [
        ("crd.antrea.io", "ClusterNetworkPolicy"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"),
        ("cilium.io", "CiliumClusterwideNetworkPolicy"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
    ];
    if for_all
        .iter()
        .any(|(group, kind)| model.objects(group, kind).next().is_some())
    {
        return;
    }
    let mut closed: HashSet<&str> = HashSet::new();
    for (group, kind, at) in [
        ("networking.k8s.io", "NetworkPolicy", "spec.podSelector"),
        ("cilium.io", "CiliumNetworkPolicy", "spec.endpointSelector"),
    ] {
        for policy in model.objects(group, kind) {
            let selector = policy
                .at(at)
                .and_then(|selector| Selector::read(selector).ok());
            if selector.is_some_and(|selector| selector.is_everything()) {
                closed.extend(policy.namespace());
            }
        }
    }
    for namespace in model.namespaces() {
        let entry: Option<&Entry> = namespace.entry();
        let has_pods = !model
            .select_workloads(namespace.name(), &Selector::everything())
            .is_empty();
        if let Some(entry) = entry.filter(|_| has_pods && !closed.contains(namespace.name())) {
            sink.report(
                entry,
                FieldPath::root(),
                "no network policy of the input selects all of its pods",
            );
        }
    }
}
