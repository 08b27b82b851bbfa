//! Agent settings of some nodes.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// Settings of the agent on some nodes, in place of those of the `cilium-config` ConfigMap.
    /// Of several for one node, the later by name wins. Lives in the agent's namespace.
    ///
    /// <https://docs.cilium.io/en/stable/configuration/per-node-config/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumNodeConfig",
        plural = "ciliumnodeconfigs", scope = Namespaced,
        categories = ["cilium"],
    )]
    pub struct CiliumNodeConfig {
        /// The settings, and which nodes they are for.
        pub spec: CiliumNodeConfigSpec,
    }
}

/// Settings, and which nodes they are for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumNodeConfigSpec {
    /// Keys and values as in `cilium-config`. A key has letters, digits, `-`, `_` and `.`.
    pub defaults: BTreeMap<String, String>,
    /// Labels of the nodes; the empty selector is every node.
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::label_selector")
    )]
    pub node_selector: LabelSelector,
}
