//! Endpoints by the dozen.

use serde::{Deserialize, Serialize};

use crate::v2::{EncryptionSpec, EndpointNetworking, NamedPort};

crd_core::resource! {
    /// Endpoints of one namespace, many in one object, so that fewer objects change. Made by
    /// Cilium; people only read it. It has no `spec`.
    ///
    /// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumendpointslice/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumEndpointSlice",
        plural = "ciliumendpointslices", scope = Cluster,
        short_names = ["ces"],
        categories = ["cilium"],
    )]
    pub struct CiliumEndpointSlice {
        /// The namespace that all the endpoints belong to.
        pub namespace: Option<String>,
        /// The endpoints.
        #[required]
        pub endpoints: Vec<CoreCiliumEndpoint>,
    }
}

/// The most needed of a `CiliumEndpoint`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CoreCiliumEndpoint {
    /// Name of the `CiliumEndpoint`, which is that of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Number of its identity.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub identity_id: Option<i64>,
    /// Addresses of the pod and of its node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networking: Option<EndpointNetworking>,
    /// How its traffic is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<EncryptionSpec>,
    /// Ports of the pod that have a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named_ports: Vec<NamedPort>,
    /// Service account of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
}
