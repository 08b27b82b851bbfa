//! Virtual routers of one node, and their state.

use std::net::Ipv4Addr;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde::{Deserialize, Serialize};

use super::bgp_cluster_config::{BgpAutoDiscovery, PeerConfigReference};
use super::bgp_peer_config::{Afi, Safi};

crd_core::resource! {
    /// BGP routers of the node of this name and their state. The operator makes it from the
    /// cluster's configuration; people only read it.
    ///
    /// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumBGPNodeConfig",
        plural = "ciliumbgpnodeconfigs", scope = Cluster,
        short_names = ["cbgpnode"],
        categories = ["cilium", "ciliumbgp"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumBgpNodeConfig {
        /// The node's routers.
        pub spec: CiliumBgpNodeSpec,
        /// Their state.
        pub status: Option<CiliumBgpNodeStatus>,
    }
}

/// Routers of one node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeSpec {
    /// The routers, 1 to 16, each with a name of its own.
    #[cfg_attr(feature = "schema", schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    ))]
    pub bgp_instances: Vec<CiliumBgpNodeInstance>,
}

/// One router of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeInstance {
    /// Tells the router from the others, 1 to 255 characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 255)))]
    pub name: String,
    /// Its autonomous system, 1 to 4294967295.
    #[serde(rename = "localASN", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295_i64)))]
    pub local_asn: Option<i64>,
    /// Its identifier, in the form of an IPv4 address. Absent: the node's own address.
    #[serde(rename = "routerID", skip_serializing_if = "Option::is_none")]
    pub router_id: Option<Ipv4Addr>,
    /// TCP port on which it waits for neighbours, 1 to 65535. Absent: it waits for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535)))]
    pub local_port: Option<i32>,
    /// Its neighbours, each with a name of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    )))]
    pub peers: Vec<CiliumBgpNodePeer>,
}

/// One neighbour of a node's router.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodePeer {
    /// Tells the neighbour from the router's others.
    pub name: String,
    /// Its IPv4 or IPv6 address. Absent only together with `autoDiscovery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IP_PATTERN)))]
    pub peer_address: Option<String>,
    /// Its autonomous system, 0 to 4294967295. 0: whatever it says of itself.
    #[serde(rename = "peerASN", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 4_294_967_295_i64)))]
    pub peer_asn: Option<i64>,
    /// How its address is found. Absent: it stands in `peerAddress`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_discovery: Option<BgpAutoDiscovery>,
    /// The node's address in the session. Absent: the one that leads to the neighbour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IP_PATTERN)))]
    pub local_address: Option<String>,
    /// Settings of the session. Absent: BGP's defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_config_ref: Option<PeerConfigReference>,
}

/// State of a node's routers. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeStatus {
    /// The routers, each with a name of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    )))]
    pub bgp_instances: Vec<CiliumBgpNodeInstanceStatus>,
    /// Verdicts, one per type, on whether the routers could be set up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::conditions")
    )]
    pub conditions: Vec<Condition>,
}

/// State of one router.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodeInstanceStatus {
    /// Name of the router.
    pub name: String,
    /// Its autonomous system.
    #[serde(rename = "localASN", skip_serializing_if = "Option::is_none")]
    pub local_asn: Option<i64>,
    /// Its neighbours, each with a name of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    )))]
    pub peers: Vec<CiliumBgpNodePeerStatus>,
}

/// State of the session with one neighbour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNodePeerStatus {
    /// Name of the neighbour.
    pub name: String,
    /// Its address.
    pub peer_address: String,
    /// Its autonomous system.
    #[serde(rename = "peerASN", skip_serializing_if = "Option::is_none")]
    pub peer_asn: Option<i64>,
    /// The state in BGP's own words: `idle`, `connect`, `active`, `open_sent`, `open_confirm`,
    /// `established`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peering_state: Option<String>,
    /// Timers that both sides agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timers: Option<CiliumBgpTimersState>,
    /// When the session came up: RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub established_time: Option<String>,
    /// Number of routes, for each family of addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub route_count: Vec<BgpFamilyRouteCount>,
}

/// Timers that both sides of a session agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpTimersState {
    /// Seconds of silence after which the session counts as lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_hold_time_seconds: Option<i32>,
    /// Seconds between two signs of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_keepalive_seconds: Option<i32>,
}

/// Number of routes of one family of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BgpFamilyRouteCount {
    /// Kind of addresses.
    pub afi: Afi,
    /// Kind of routes.
    pub safi: Safi,
    /// Routes that the neighbour sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<i32>,
    /// Routes that the neighbour was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advertised: Option<i32>,
}
