//! Network policies that select no pods.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Extent, Requirement, Selector};

pub(super) const CHECK: Check = Check {
    code: "policy-without-pods",
    group: Group::References,
    severity: Severity::Warning,
    title: "A policy selects no pods",
    explanation: "The policy restricts nobody, since no workload of the namespace has the labels that it asks for. What it was \
        to protect stays open.",
    remedy: "select labels of the pod template",
    silent: "In a part of a stack its pods may be elsewhere: something is said where a value is misspelt, where the labels are \
        those of a workload and not of its pods, or where a workload bears the same name. In a whole stack, where no workload \
        of the namespace carries these keys, somebody else makes the pods. An empty selector means all pods. Gateways of Istio \
        are looked at in whole stacks alone: their proxies may run in any namespace.",
    failing: include_str!("../../fixtures/policy-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/policy-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for policy in model.objects("networking.k8s.io", "NetworkPolicy") {
        let selector = policy.at("spec.podSelector");
        let selector = selector.and_then(|selector| Selector::read(selector).ok());
        look(context, sink, policy, "spec.podSelector", selector);
    }
    for policy in model.objects("cilium.io", "CiliumNetworkPolicy") {
        let selector = policy.at("spec.endpointSelector");
        let selector = selector.and_then(|selector| Selector::read(selector).ok());
        look(
            context,
            sink,
            policy,
            "spec.endpointSelector",
            selector.and_then(|selector| of_pods(&selector)),
        );
    }
    look_at_gateways(context, sink);
    for (group, kind) in ISTIO {
        for policy in model.objects(group, kind) {
            let selector = policy.at("spec.selector");
            let selector = selector.and_then(|selector| Selector::read(selector).ok());
            // In the root namespace, which this is nearly always, a selector means the pods of all namespaces.
            let is_root = policy.namespace() == Some("istio-system");
            look(
                context,
                sink,
                policy,
                "spec.selector",
                selector.filter(|_| !is_root),
            );
        }
    }
}

/// Gateways of Istio in a whole stack: their proxies may run in any namespace.
fn look_at_gateways(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part {
        return;
    }
    for gateway in context.model.objects("networking.istio.io", "Gateway") {
        let selector = gateway
            .at("spec.selector")
            .and_then(|selector| Selector::read_labels(selector).ok());
        let label = selector.and_then(|selector| {
            let mut asked = selector.requirements().iter();
            asked.find_map(|requirement| context.label_that_nobody_has(requirement))
        });
        if let Some(label) = label {
            let message = format!("no pod of the stack has the label {label}");
            sink.report(gateway, path("spec.selector"), message);
        }
    }
}

/// Policies of Istio with a `WorkloadSelector`.
const ISTIO: [(&str, &str); 4] = [
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
    ("security.istio.io", "RequestAuthentication"),
    ("telemetry.istio.io", "Telemetry"),
];

fn look(
    context: &Context<'_>,
    sink: &mut Sink<'_, '_>,
    policy: &Entry,
    at: &str,
    selector: Option<Selector>,
) {
    let Some(selector) = selector.filter(|selector| !selector.is_everything()) else {
        return;
    };
    let namespace = policy.namespace().unwrap_or_default();
    let is_empty = context
        .model
        .select_workloads(namespace, &selector)
        .is_empty();
    if is_empty && context.is_for_our_pods(policy, namespace, &selector) {
        let message = format!("no pod has the labels {}", in_words(&selector));
        sink.report(policy, path(at), message);
    }
}

/// A selector of Cilium in terms of pod labels; `None` where it speaks of anything else.
fn of_pods(selector: &Selector) -> Option<Selector> {
    let requirements = selector.requirements().iter().map(|requirement| {
        let key = &*requirement.key;
        let key = key
            .strip_prefix("k8s:")
            .or_else(|| key.strip_prefix("any:"))
            .unwrap_or(key);
        let is_of_pods = !key.contains(':')
            && !key.starts_with("io.kubernetes.")
            && !key.starts_with("io.cilium.");
        is_of_pods.then(|| Requirement {
            key: key.into(),
            ..requirement.clone()
        })
    });
    Some(Selector::new(requirements.collect::<Option<Vec<_>>>()?))
}
