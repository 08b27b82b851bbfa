//! Endpoints by the dozen.

use crate::v2::{EncryptionSpec, EndpointNetworking, NamedPort};
use crd_core::{Object, ObjectMeta, Resource};

/// Endpoints of one namespace, many in one object, so that fewer objects change. Made by
/// Cilium; people only read it. It has no `spec`.
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumendpointslice/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumEndpointSlice",
    plural = "ciliumendpointslices", scope = Cluster,
    short_names = ["ces"],
    categories = ["cilium"],
)]
pub struct CiliumEndpointSlice {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The namespace that all the endpoints belong to.
    pub namespace: Option<String>,
    /// The endpoints of the slice, in short.
    #[field(required)]
    pub endpoints: Vec<CoreCiliumEndpoint>,
}

/// The most needed of a `CiliumEndpoint`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct CoreCiliumEndpoint {
    /// Name of the `CiliumEndpoint`, which is that of the pod.
    pub name: Option<String>,
    /// Number of its identity.
    #[field(rename = "id")]
    pub identity_id: Option<i64>,
    /// Addresses of the pod and of its node.
    pub networking: Option<EndpointNetworking>,
    /// How its traffic is encrypted.
    pub encryption: Option<EncryptionSpec>,
    /// Ports of the pod that have a name.
    pub named_ports: Vec<NamedPort>,
    /// Service account of the pod.
    pub service_account: Option<String>,
}
