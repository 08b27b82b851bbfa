//! `syncset.gatekeeper.sh/v1alpha1`.

use serde::{Deserialize, Serialize};

use crate::gvk::Gvk;

crd_core::resource! {
    /// Kinds whose objects policies find in `data.inventory`. All SyncSets and the Config are taken together.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/sync>.
    #[resource(
        group = "syncset.gatekeeper.sh", version = "v1alpha1", kind = "SyncSet", plural = "syncsets", scope = Cluster,
    )]
    pub struct SyncSet {
        /// The kinds.
        pub spec: Option<SyncSetSpec>,
    }
}

/// Kinds whose objects policies find in `data.inventory`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncSetSpec {
    /// The kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gvks: Vec<Gvk>,
}
