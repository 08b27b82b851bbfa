//! What one node does otherwise in BGP.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// What the node of this name does otherwise than the cluster's BGP configuration says.
    ///
    /// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-configuration-override>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumBGPNodeConfigOverride",
        plural = "ciliumbgpnodeconfigoverrides", scope = Cluster,
        short_names = ["cbgpnodeoverride"],
        categories = ["cilium", "ciliumbgp"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumBgpNodeConfigOverride {
        /// The differences.
        pub spec: CiliumBgpNodeConfigOverrideSpec,
    }
}

/// Differences of one node's routers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeConfigOverrideSpec {
    /// The routers that differ, at least one, each with a name of its own.
    #[cfg_attr(feature = "schema", schemars(
        length(min = 1),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    ))]
    pub bgp_instances: Vec<CiliumBgpNodeConfigInstanceOverride>,
}

/// Differences of one router. What is absent stays as the cluster's configuration has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeConfigInstanceOverride {
    /// Name of the router in the cluster's configuration, 1 to 255 characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 255)))]
    pub name: String,
    /// Its identifier, in the form of an IPv4 address; no two routers may share one.
    #[serde(rename = "routerID", skip_serializing_if = "Option::is_none")]
    pub router_id: Option<Ipv4Addr>,
    /// TCP port on which it waits for neighbours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_port: Option<i32>,
    /// The neighbours that differ, each with a name of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    )))]
    pub peers: Vec<CiliumBgpNodeConfigPeerOverride>,
    /// Its autonomous system, 1 to 4294967295.
    #[serde(rename = "localASN", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295_i64)))]
    pub local_asn: Option<i64>,
}

/// Differences of one session. What is absent stays as the cluster's configuration has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeConfigPeerOverride {
    /// Name of the neighbour in the cluster's configuration, 1 to 255 characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 255)))]
    pub name: String,
    /// The node's address in the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IP_PATTERN)))]
    pub local_address: Option<String>,
    /// The node's port in the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_port: Option<i32>,
}
