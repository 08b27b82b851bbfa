//! Which policies speak of which workloads.

use stack_model::{Entry, Model, Selector, Workload};

/// A policy and the workloads of which it speaks.
#[derive(Clone, Debug)]
pub struct PolicyUse<'m> {
    /// The policy.
    pub policy: &'m Entry,
    /// The workloads, in the order of the input.
    pub workloads: Vec<Workload<'m>>,
    /// Whether it speaks of all pods of its namespace, or of all namespaces where it is cluster-wide.
    pub all: bool,
}

/// Kinds whose objects select pods of their namespace: group, kind, and where the selector stands.
const KINDS: [(&str, &str, &str); 6] = [
    ("networking.k8s.io", "NetworkPolicy", "spec.podSelector"),
    ("cilium.io", "CiliumNetworkPolicy", "spec.endpointSelector"),
    ("security.istio.io", "AuthorizationPolicy", "spec.selector"),
    ("security.istio.io", "PeerAuthentication", "spec.selector"),
    (
        "security.istio.io",
        "RequestAuthentication",
        "spec.selector",
    ),
    ("policy", "PodDisruptionBudget", "spec.selector"),
];

/// Every policy that selects pods, with what it selects.
#[must_use]
pub fn policy_uses(model: &Model) -> Vec<PolicyUse<'_>> {
    let mut uses = Vec::new();
    for (group, kind, path) in KINDS {
        for policy in model.objects(group, kind) {
            let namespace = policy.namespace().unwrap_or_default();
            let selector = match policy.at(path) {
                Some(selector) => Selector::read(selector)
                    .ok()
                    .and_then(|selector| of_pods(&selector)),
                // What names a target instead speaks of that alone.
                None if policy.at("spec.targetRefs").is_some()
                    || policy.at("spec.targetRef").is_some() =>
                {
                    None
                }
                None => Some(Selector::new([])),
            };
            let Some(selector) = selector else {
                uses.push(PolicyUse {
                    policy,
                    workloads: Vec::new(),
                    all: false,
                });
                continue;
            };
            uses.push(PolicyUse {
                policy,
                workloads: model.select_workloads(namespace, &selector),
                all: selector.is_everything(),
            });
        }
    }
    uses
}

/// Cilium writes where a label comes from before its key.
fn of_pods(selector: &Selector) -> Option<Selector> {
    let requirements = selector.requirements().iter().map(|requirement| {
        let key = &*requirement.key;
        let key = key
            .strip_prefix("k8s:")
            .or_else(|| key.strip_prefix("any:"))
            .unwrap_or(key);
        (!key.contains(':')).then(|| stack_model::Requirement {
            key: key.into(),
            ..requirement.clone()
        })
    });
    Some(Selector::new(requirements.collect::<Option<Vec<_>>>()?))
}
