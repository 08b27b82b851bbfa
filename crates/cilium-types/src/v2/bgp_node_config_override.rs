//! What one node does otherwise in BGP.

use std::net::Ipv4Addr;

use crd_core::{Object, ObjectMeta, Resource};

/// What the node of this name does otherwise than the cluster's BGP configuration says.
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-configuration-override>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumBGPNodeConfigOverride",
    plural = "ciliumbgpnodeconfigoverrides", scope = Cluster,
    short_names = ["cbgpnodeoverride"],
    categories = ["cilium", "ciliumbgp"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v2alpha1", deprecated),
)]
pub struct CiliumBgpNodeConfigOverride {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the node does otherwise than the cluster's configuration says.
    pub spec: CiliumBgpNodeConfigOverrideSpec,
}

/// Differences of one node's routers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpNodeConfigOverrideSpec {
    /// The routers that differ, at least one, each with a name of its own.
    #[field(required)]
    #[schemars(
        length(min = 1),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub bgp_instances: Vec<CiliumBgpNodeConfigInstanceOverride>,
}

/// Differences of one router. What is absent stays as the cluster's configuration has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpNodeConfigInstanceOverride {
    /// Name of the router in the cluster's configuration, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Its identifier, in the form of an IPv4 address; no two routers may share one.
    #[field(rename = "routerID")]
    pub router_id: Option<Ipv4Addr>,
    /// TCP port on which it waits for neighbours.
    pub local_port: Option<i32>,
    /// The neighbours that differ, each with a name of its own.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    ))]
    pub peers: Vec<CiliumBgpNodeConfigPeerOverride>,
    /// Its autonomous system, 1 to 4294967295.
    #[field(rename = "localASN")]
    #[schemars(range(min = 1, max = 4_294_967_295_i64))]
    pub local_asn: Option<i64>,
}

/// Differences of one session. What is absent stays as the cluster's configuration has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpNodeConfigPeerOverride {
    /// Name of the neighbour in the cluster's configuration, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// The node's address in the session.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub local_address: Option<String>,
    /// The node's port in the session.
    pub local_port: Option<i32>,
}
