//! Typed bindings of the Kubernetes Gateway API v1.5.0

/// None yet.
#[cfg(feature = "schema")]
pub fn crds() -> Vec<crd_core::crd::CustomResourceDefinition> {
    Vec::new()
}
