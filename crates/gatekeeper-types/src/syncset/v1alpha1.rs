//! `syncset.gatekeeper.sh/v1alpha1`.

use crate::gvk::Gvk;
use crd_core::{Object, ObjectMeta, Resource};

/// Kinds whose objects policies find in `data.inventory`. All SyncSets and the Config are taken together.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/sync>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "syncset.gatekeeper.sh", version = "v1alpha1", kind = "SyncSet", plural = "syncsets", scope = Cluster,
)]
pub struct SyncSet {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The kinds whose objects policies read as `data.inventory`.
    pub spec: Option<SyncSetSpec>,
}

/// Kinds whose objects policies find in `data.inventory`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncSetSpec {
    /// Kinds that are replicated, besides those of the Config and of other SyncSets.
    pub gvks: Vec<Gvk>,
}
