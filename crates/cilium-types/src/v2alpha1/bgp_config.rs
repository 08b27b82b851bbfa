//! Virtual routers of the cluster and of its nodes, and settings of their sessions: the older
//! versions.

use std::net::Ipv4Addr;

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::v2;

/// BGP routers that run on the chosen nodes, and their neighbours. Deprecated: write
/// [`v2::CiliumBgpClusterConfig`].
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-cluster-configuration>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPClusterConfig",
    plural = "ciliumbgpclusterconfigs", scope = Cluster,
    short_names = ["cbgpcluster"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    deprecated = true,
)]
pub struct CiliumBgpClusterConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The routers and where they run.
    pub spec: CiliumBgpClusterConfigSpec,
    /// What the operator made of it.
    pub status: Option<v2::CiliumBgpClusterConfigStatus>,
}

/// Routers and where they run.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpClusterConfigSpec {
    /// Nodes that run the routers. Absent and the empty selector are the same: all nodes. No
    /// node may be picked by two configurations.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub node_selector: Option<LabelSelector>,
    /// The routers, 1 to 16, each with a name of its own.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub bgp_instances: Vec<CiliumBgpInstance>,
}

/// One virtual router.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpInstance {
    /// Tells the router from the others, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Its autonomous system, 1 to 4294967295. Absent: that of a node's override.
    #[field(rename = "localASN")]
    #[schemars(range(min = 1, max = 4_294_967_295_i64))]
    pub local_asn: Option<i64>,
    /// TCP port on which it waits for neighbours, 1 to 65535. Absent: it calls them and waits
    /// for none.
    #[schemars(range(min = 1, max = 65535))]
    pub local_port: Option<i32>,
    /// Its neighbours, each with a name of its own.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]
    ))]
    pub peers: Vec<CiliumBgpPeer>,
}

/// One neighbour of a router.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpPeer {
    /// Tells the neighbour from the router's others, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Its IPv4 or IPv6 address.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub peer_address: Option<String>,
    /// Its autonomous system, 0 to 4294967295. Absent and 0: whatever it says of itself.
    #[field(rename = "peerASN")]
    #[schemars(
        range(min = 0, max = 4_294_967_295_i64), extend("default" = 0)
    )]
    pub peer_asn: Option<i64>,
    /// Settings of the session. Absent: BGP's defaults.
    pub peer_config_ref: Option<PeerConfigReference>,
}

/// The object with the settings of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PeerConfigReference {
    /// Its group. Absent: `cilium.io`.
    #[schemars(extend("default" = "cilium.io"))]
    pub group: Option<String>,
    /// Its kind. Absent: `CiliumBGPPeerConfig`.
    #[schemars(extend("default" = "CiliumBGPPeerConfig"))]
    pub kind: Option<String>,
    /// The CiliumBGPPeerConfig; the kind is cluster-wide.
    pub name: String,
}

/// BGP routers of the node of this name and their state. Deprecated: read
/// [`v2::CiliumBgpNodeConfig`].
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPNodeConfig",
    plural = "ciliumbgpnodeconfigs", scope = Cluster,
    short_names = ["cbgpnode"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    deprecated = true,
)]
pub struct CiliumBgpNodeConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The virtual routers that the node runs.
    pub spec: CiliumBgpNodeSpec,
    /// The state of the routers and of their sessions, as the node's agent reports it.
    pub status: Option<v2::CiliumBgpNodeStatus>,
}

/// Routers of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpNodePeer {
    /// Tells the neighbour from the router's others.
    pub name: String,
    /// Its IPv4 or IPv6 address.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub peer_address: Option<String>,
    /// Its autonomous system, 0 to 4294967295. 0: whatever it says of itself.
    #[field(rename = "peerASN")]
    #[schemars(range(min = 0, max = 4_294_967_295_i64))]
    pub peer_asn: Option<i64>,
    /// The node's address in the session. Absent: the one that leads to the neighbour.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub local_address: Option<String>,
    /// Settings of the session. Absent: BGP's defaults.
    pub peer_config_ref: Option<PeerConfigReference>,
}

/// Settings that sessions with BGP neighbours share. Deprecated: write
/// [`v2::CiliumBgpPeerConfig`].
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-peer-configuration>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPPeerConfig",
    plural = "ciliumbgppeerconfigs", scope = Cluster,
    short_names = ["cbgppeer"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    deprecated = true,
)]
pub struct CiliumBgpPeerConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The settings of every session that names this object.
    pub spec: CiliumBgpPeerConfigSpec,
    /// What Cilium made of them.
    pub status: Option<v2::CiliumBgpPeerConfigStatus>,
}

/// Settings of a session.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpPeerConfigSpec {
    /// How the neighbour is reached. Absent: at BGP's port.
    pub transport: Option<CiliumBgpTransport>,
    /// Timers. Absent: the defaults of each.
    pub timers: Option<v2::CiliumBgpTimers>,
    /// Secret with the password of the session (TCP MD5, entry `password`), in the namespace
    /// that Cilium is told to keep BGP secrets in. Absent: no password.
    pub auth_secret_ref: Option<String>,
    /// Whether routes outlive a restart of the session. Absent: they do not.
    pub graceful_restart: Option<v2::CiliumBgpNeighborGracefulRestart>,
    /// How many hops away a neighbour of another autonomous system may be, 1 to 255; the TTL of
    /// the packets. Absent: 1, next to the node.
    #[schemars(range(min = 1, max = 255), extend("default" = 1))]
    pub ebgp_multihop: Option<i32>,
    /// Families of routes to exchange, and what is announced for each. Absent and `[]` are the
    /// same: IPv4 and IPv6 unicast, announcing nothing.
    pub families: Vec<v2::CiliumBgpFamilyWithAdverts>,
}

/// How a neighbour is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpTransport {
    /// The node's own TCP port in the session, 1 to 65535. Absent: any.
    #[schemars(range(min = 1, max = 65535))]
    pub local_port: Option<i32>,
    /// The neighbour's TCP port, 1 to 65535. Absent: 179.
    #[schemars(range(min = 1, max = 65535), extend("default" = 179))]
    pub peer_port: Option<i32>,
}
