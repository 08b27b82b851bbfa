//! `expansion.gatekeeper.sh/v1beta1`.

// Whoever imports a version finds all of it there.
#[doc(no_inline)]
pub use super::spec::{ExpansionTemplateSpec, ExpansionTemplateStatus};
use crd_core::{ObjectMeta, Resource};

/// How Gatekeeper derives the object that a controller will create from the object that asks for it, so that constraints on the
/// one are held against the other.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/expansion>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "expansion.gatekeeper.sh", version = "v1beta1", kind = "ExpansionTemplate", plural = "expansiontemplate", scope = Cluster,
    status_subresource,
    older(version = "v1alpha1"),
    stored = "v1alpha1",
)]
pub struct ExpansionTemplate {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is derived from what.
    pub spec: Option<ExpansionTemplateSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<ExpansionTemplateStatus>,
}
