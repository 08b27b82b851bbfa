//! `mutations.gatekeeper.sh/v1alpha1`.

// Whoever imports a version finds all of it there.
#[doc(no_inline)]
pub use super::spec::*;
use crd_core::{ObjectMeta, Resource};

pub use super::v1::{
    assign_metadata_v1alpha1::AssignMetadata, assign_v1alpha1::Assign,
    modify_set_v1alpha1::ModifySet,
};

/// Sets the registry, path or tag of the images of objects that are created or changed.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assignimage>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "mutations.gatekeeper.sh", version = "v1alpha1", kind = "AssignImage", plural = "assignimage", scope = Cluster,
    status_subresource,
)]
pub struct AssignImage {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The objects that are changed, and the parts of their images.
    pub spec: Option<AssignImageSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<MutatorStatus>,
}
