//! Which proxies a policy of the mesh is for: by selector, or by what it names as its target.

use istio_types::PolicyTargetReference;

use super::conversation::Enforcer;
use crate::world::{LabelMap, Pod};

#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// To what a policy of the mesh is attached.
pub(super) struct Attached<'a> {
    pub(super) namespace: &'a str,
    pub(super) selector: &'a LabelMap,
    pub(super) targets: &'a [Target],
}

pub(super) fn selects(policy: &Attached<'_>, pod: &Pod, root: &str) -> bool {
    policy.targets.is_empty()
        && (policy.namespace == root || policy.namespace == pod.name.namespace)
        && selected(policy.selector, &pod.labels)
}

/// Whether a proxy enforces a policy.
pub(super) fn holds(policy: &Attached<'_>, enforcer: &Enforcer<'_>, root: &str) -> bool {
    match enforcer {
        Enforcer::Ztunnel(pod) | Enforcer::Sidecar(pod) => selects(policy, pod, root),
        Enforcer::Gateway(pod) => {
            let name = pod.labels.get("gateway.networking.k8s.io/gateway-name");
            let targeted = policy.namespace == pod.name.namespace
                && policy
                    .targets
                    .iter()
                    .any(|target| target.kind == "Gateway" && Some(target.name.as_str()) == name);
            selects(policy, pod, root) || targeted
        }
        Enforcer::Waypoint {
            waypoint,
            service,
            entry,
        } => policy
            .targets
            .iter()
            .any(|target| match target.kind.as_str() {
                "Gateway" => policy.namespace == waypoint.namespace && target.name == waypoint.name,
                "GatewayClass" => policy.namespace == root && target.name == "istio-waypoint",
                "Service" => service.is_some_and(|service| {
                    policy.namespace == service.name.namespace && target.name == service.name.name
                }),
                "ServiceEntry" => entry.is_some_and(|entry| {
                    policy.namespace == entry.namespace && target.name == entry.name
                }),
                _ => false,
            }),
    }
}

/// Whether labels have all that a selector asks for.
pub(super) fn selected<'s, T: AsRef<str> + ?Sized + 's>(
    selector: impl IntoIterator<Item = (&'s T, &'s T)>,
    labels: &LabelMap,
) -> bool {
    stack_model::work::step();
    selector
        .into_iter()
        .all(|(key, value)| labels.get(key.as_ref()) == Some(value.as_ref()))
}

impl Target {
    pub(super) fn of(target: &PolicyTargetReference) -> Self {
        Self {
            kind: target.kind.clone(),
            name: target.name.clone(),
        }
    }
}
