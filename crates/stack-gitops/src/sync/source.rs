//! Where the objects of an Application come from.

use serde_json::Value;

/// Its sources: several win over one.
pub(crate) fn sources(application: &Value) -> Vec<&Value> {
    let spec = &application["spec"];
    match spec["sources"].as_array() {
        Some(sources) if !sources.is_empty() => sources.iter().collect(),
        _ => spec.get("source").into_iter().collect(),
    }
}

/// Whether a file is Kustomize's own, and no object.
pub(crate) fn is_kustomization(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    )
}
