//! Virtual routers of one node, and their state.

use std::net::Ipv4Addr;

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::bgp_cluster_config::{BgpAutoDiscovery, PeerConfigReference};
use super::bgp_peer_config::{Afi, Safi};

/// BGP routers of the node of this name and their state. The operator makes it from the
/// cluster's configuration; people only read it.
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumBGPNodeConfig",
    plural = "ciliumbgpnodeconfigs", scope = Cluster,
    short_names = ["cbgpnode"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v2alpha1", declared = crate::v2alpha1::CiliumBgpNodeConfig),
)]
pub struct CiliumBgpNodeConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The virtual routers that the node runs.
    pub spec: CiliumBgpNodeSpec,
    /// The state of the routers and of their sessions, as the node's agent reports it.
    pub status: Option<CiliumBgpNodeStatus>,
}

/// Routers of one node.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodeSpec {
    /// The routers, 1 to 16, each with a name of its own.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub bgp_instances: Vec<CiliumBgpNodeInstance>,
}

/// One router of a node.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodeInstance {
    /// Tells the router from the others, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Its autonomous system, 1 to 4294967295.
    #[field(rename = "localASN")]
    #[schemars(range(min = 1, max = 4_294_967_295_i64))]
    pub local_asn: Option<i64>,
    /// Its identifier, in the form of an IPv4 address. Absent: the node's own address.
    #[field(rename = "routerID")]
    pub router_id: Option<Ipv4Addr>,
    /// TCP port on which it waits for neighbours, 1 to 65535. Absent: it waits for none.
    #[schemars(range(min = 1, max = 65535))]
    pub local_port: Option<i32>,
    /// Its neighbours, each with a name of its own.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    ))]
    pub peers: Vec<CiliumBgpNodePeer>,
}

/// One neighbour of a node's router.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodePeer {
    /// Tells the neighbour from the router's others.
    pub name: String,
    /// Its IPv4 or IPv6 address. Absent only together with `autoDiscovery`.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub peer_address: Option<String>,
    /// Its autonomous system, 0 to 4294967295. 0: whatever it says of itself.
    #[field(rename = "peerASN")]
    #[schemars(range(min = 0, max = 4_294_967_295_i64))]
    pub peer_asn: Option<i64>,
    /// How its address is found. Absent: it stands in `peerAddress`.
    pub auto_discovery: Option<BgpAutoDiscovery>,
    /// The node's address in the session. Absent: the one that leads to the neighbour.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub local_address: Option<String>,
    /// Settings of the session. Absent: BGP's defaults.
    pub peer_config_ref: Option<PeerConfigReference>,
}

/// State of a node's routers. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodeStatus {
    /// The routers, each with a name of its own.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    ))]
    pub bgp_instances: Vec<CiliumBgpNodeInstanceStatus>,
    /// Verdicts, one per type, on whether the routers could be set up.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}

/// State of one router.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodeInstanceStatus {
    /// Name of the router.
    pub name: String,
    /// The number of the router's autonomous system.
    #[field(rename = "localASN")]
    pub local_asn: Option<i64>,
    /// Its neighbours, each with a name of its own.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    ))]
    pub peers: Vec<CiliumBgpNodePeerStatus>,
}

/// State of the session with one neighbour.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpNodePeerStatus {
    /// Name of the neighbour.
    pub name: String,
    /// Address of the peer with which the session is held.
    pub peer_address: String,
    /// The number of the neighbour's autonomous system.
    #[field(rename = "peerASN")]
    pub peer_asn: Option<i64>,
    /// The state in BGP's own words: `idle`, `connect`, `active`, `open_sent`, `open_confirm`,
    /// `established`.
    pub peering_state: Option<String>,
    /// Timers that both sides agreed on.
    pub timers: Option<CiliumBgpTimersState>,
    /// When the session came up: RFC 3339, UTC.
    pub established_time: Option<String>,
    /// Number of routes, for each family of addresses.
    pub route_count: Vec<BgpFamilyRouteCount>,
}

/// Timers that both sides of a session agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpTimersState {
    /// Seconds of silence after which the session counts as lost.
    pub applied_hold_time_seconds: Option<i32>,
    /// Seconds between two signs of life.
    pub applied_keepalive_seconds: Option<i32>,
}

/// Number of routes of one family of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct BgpFamilyRouteCount {
    /// The address family, such as IPv4.
    pub afi: Afi,
    /// What the routes are for, such as single addresses (unicast).
    pub safi: Safi,
    /// Routes that the neighbour sent.
    pub received: Option<i32>,
    /// Routes that the neighbour was told.
    pub advertised: Option<i32>,
}
