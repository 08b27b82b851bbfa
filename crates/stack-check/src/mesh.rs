//! Which pods are in Istio's mesh, and how.

use stack_model::{Model, Workload};

/// How a workload's pods take part in the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataPlane {
    /// Through the node's ztunnel.
    Ambient,
    /// Through a proxy of their own.
    Sidecar,
    /// Not at all.
    Outside,
    /// Their namespace is not in the input, and they do not say it themselves.
    Unknown,
}

/// The label that puts pods or namespaces into ambient mode.
pub(crate) const MODE: &str = "istio.io/dataplane-mode";

/// How a workload's pods take part in the mesh.
pub(crate) fn data_plane(model: &Model, workload: &Workload<'_>) -> DataPlane {
    let labels = workload.labels();
    let annotations = workload.annotations();
    let inject = "sidecar.istio.io/inject";
    match labels.get(inject).or(annotations.get(inject)) {
        Some("true") => return DataPlane::Sidecar,
        Some(_) if labels.get(MODE).is_none() => {
            return match namespace_plane(model, workload.namespace()) {
                DataPlane::Sidecar => DataPlane::Outside,
                other => other,
            };
        }
        _ => {}
    }
    if labels.get("istio.io/rev").is_some() {
        return DataPlane::Sidecar;
    }
    match labels.get(MODE) {
        _ if workload.host_network() => DataPlane::Outside,
        Some("ambient") => DataPlane::Ambient,
        Some(_) => DataPlane::Outside,
        None => namespace_plane(model, workload.namespace()),
    }
}

/// How pods of a namespace take part that say nothing themselves.
pub(crate) fn namespace_plane(model: &Model, namespace: &str) -> DataPlane {
    let Some(namespace) = model
        .namespace(namespace)
        .filter(|namespace| namespace.is_declared())
    else {
        return DataPlane::Unknown;
    };
    let labels = namespace.labels();
    match (labels.get("istio-injection"), labels.get("istio.io/rev")) {
        (Some("enabled"), _) | (None, Some(_)) => DataPlane::Sidecar,
        _ if labels.get(MODE) == Some("ambient") => DataPlane::Ambient,
        _ => DataPlane::Outside,
    }
}
