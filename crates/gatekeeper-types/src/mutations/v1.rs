//! `mutations.gatekeeper.sh/v1`.

// Whoever imports a version finds all of it there.
#[doc(no_inline)]
pub use super::spec::*;
use crd_core::{ObjectMeta, Resource};

/// Sets a field of objects that are created or changed, whatever it was before.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assign>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "mutations.gatekeeper.sh", version = "v1", kind = "Assign", plural = "assign", scope = Cluster,
    status_subresource,
    older(version = "v1alpha1"),
    older(version = "v1beta1"),
)]
pub struct Assign {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The objects that are changed, the place in them, and its value.
    pub spec: Option<AssignSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<MutatorStatus>,
}

/// Adds a label or annotation to objects that are created, where they have none of that key.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assignmetadata>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "mutations.gatekeeper.sh", version = "v1", kind = "AssignMetadata", plural = "assignmetadata", scope = Cluster,
    status_subresource,
    older(version = "v1alpha1"),
    older(version = "v1beta1"),
)]
pub struct AssignMetadata {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The objects that are changed, the place in them, and its value.
    pub spec: Option<AssignMetadataSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<MutatorStatus>,
}

/// Adds values to a list of objects that are created or changed, or takes them out.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#modifyset>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "mutations.gatekeeper.sh", version = "v1", kind = "ModifySet", plural = "modifyset", scope = Cluster,
    status_subresource,
    older(version = "v1alpha1"),
    older(version = "v1beta1"),
)]
pub struct ModifySet {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is added to which list, or taken out.
    pub spec: Option<ModifySetSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<MutatorStatus>,
}
