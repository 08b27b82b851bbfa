//! Which proxy stands before a pod.

use super::gateway::Gateways;
use crate::world::{Pod, World};

/// How a pod takes part in the mesh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dataplane {
    /// Not at all.
    #[default]
    None,
    /// By the ztunnel of its node.
    Ambient,
    /// By a proxy in the pod.
    Sidecar,
    /// It is itself a proxy of the mesh at its edge.
    Gateway,
    /// It is itself a waypoint.
    Waypoint,
}

impl Dataplane {
    /// Whether connections of the pod carry its identity to other members.
    pub(crate) const fn is_member(self) -> bool {
        !matches!(self, Self::None)
    }
}

/// The data plane of each pod.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dataplanes(Vec<Dataplane>);

const MODE: &str = "istio.io/dataplane-mode";
const INJECT: &str = "sidecar.istio.io/inject";

impl Dataplanes {
    pub(crate) fn of(world: &World, gateways: &Gateways) -> Self {
        Self(
            world
                .pods
                .iter()
                .map(|pod| dataplane(pod, world, gateways))
                .collect(),
        )
    }

    pub(crate) fn get(&self, pod: usize) -> Dataplane {
        self.0.get(pod).copied().unwrap_or_default()
    }
}

fn dataplane(pod: &Pod, world: &World, gateways: &Gateways) -> Dataplane {
    let label = |key: &str| pod.labels.get(key);
    let namespace = |key: &str| {
        world
            .namespace_labels(&pod.name.namespace)
            .and_then(|labels| labels.get(key))
    };
    if label("gateway.networking.k8s.io/gateway-class-name") == Some("istio-waypoint") {
        return Dataplane::Waypoint;
    }
    if gateways.select(pod)
        || pod
            .annotations
            .get("inject.istio.io/templates")
            .is_some_and(|names| names == "gateway")
    {
        return Dataplane::Gateway;
    }
    if pod.host_network {
        return Dataplane::None;
    }
    let inject = label(INJECT).or_else(|| pod.annotations.get(INJECT));
    let injected = match (inject, namespace("istio-injection")) {
        (Some("false"), _) | (_, Some("disabled")) => false,
        (Some("true"), _) | (_, Some("enabled")) => true,
        _ => {
            label("istio.io/rev")
                .or_else(|| namespace("istio.io/rev"))
                .is_some()
                && namespace(MODE).is_none()
        }
    };
    if injected || pod.containers.iter().any(|name| name == "istio-proxy") {
        return Dataplane::Sidecar;
    }
    match (label(MODE), namespace(MODE)) {
        (Some("ambient"), _) | (None, Some("ambient")) => Dataplane::Ambient,
        _ => Dataplane::None,
    }
}
