//! Agent settings of some nodes.

use std::collections::BTreeMap;

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Settings of the agent on some nodes, in place of those of the `cilium-config` ConfigMap.
/// Of several for one node, the later by name wins. Lives in the agent's namespace.
///
/// <https://docs.cilium.io/en/stable/configuration/per-node-config/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumNodeConfig",
    plural = "ciliumnodeconfigs", scope = Namespaced,
    categories = ["cilium"],
    older(version = "v2alpha1", deprecated = "cilium.io/v2alpha1 CiliumNodeConfig is deprecated; write cilium.io/v2"),
)]
pub struct CiliumNodeConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The settings, and which nodes they are for.
    pub spec: CiliumNodeConfigSpec,
}

/// Settings, and which nodes they are for.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumNodeConfigSpec {
    /// Keys and values as in `cilium-config`. A key has letters, digits, `-`, `_` and `.`.
    #[field(required)]
    pub defaults: BTreeMap<String, String>,
    /// Labels of the nodes; the empty selector is every node.
    #[schemars(schema_with = "crd_core::schema::label_selector")]
    pub node_selector: LabelSelector,
}
