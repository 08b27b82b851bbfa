//! Virtual routers of the cluster.

use std::net::IpAddr;

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

/// BGP routers that run on the chosen nodes, and their neighbours.
///
/// ```
/// use cilium_types::v2::{
///     CiliumBgpClusterConfig, CiliumBgpClusterConfigSpec, CiliumBgpInstance, CiliumBgpPeer,
/// };
///
/// let router = CiliumBgpInstance {
///     peers: vec![CiliumBgpPeer::new("rack", 65000, [10, 0, 0, 1].into()).with_config("rack-switch")],
///     ..CiliumBgpInstance::new("default", 64512)
/// };
/// let config = CiliumBgpClusterConfig::new("rack", CiliumBgpClusterConfigSpec {
///     node_selector: None,
///     bgp_instances: vec![router],
/// });
/// ```
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-cluster-configuration>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumBGPClusterConfig",
    plural = "ciliumbgpclusterconfigs", scope = Cluster,
    short_names = ["cbgpcluster"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v2alpha1", declared = crate::v2alpha1::CiliumBgpClusterConfig),
)]
pub struct CiliumBgpClusterConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The routers and where they run.
    pub spec: CiliumBgpClusterConfigSpec,
    /// What the operator made of it.
    pub status: Option<CiliumBgpClusterConfigStatus>,
}

/// Routers and where they run.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpClusterConfigSpec {
    /// Nodes that run the routers. Absent and the empty selector are the same: all nodes. No
    /// node may be picked by two configurations.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub node_selector: Option<LabelSelector>,
    /// The routers, 1 to 16, each with a name of its own.
    #[field(rename = "bgpInstances", required)]
    #[schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub bgp_instances: Vec<CiliumBgpInstance>,
}

/// One virtual router.
#[derive(Clone, Debug, Default, PartialEq, Object)]
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

impl CiliumBgpInstance {
    /// A router of this autonomous system, without neighbours so far.
    pub fn new(name: impl Into<String>, local_asn: i64) -> Self {
        Self {
            name: name.into(),
            local_asn: Some(local_asn),
            local_port: None,
            peers: Vec::new(),
        }
    }
}

/// One neighbour of a router.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpPeer {
    /// Tells the neighbour from the router's others, 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Its IPv4 or IPv6 address. Absent only together with `autoDiscovery`.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub peer_address: Option<String>,
    /// Its autonomous system, 0 to 4294967295. Absent and 0: whatever it says of itself.
    #[field(rename = "peerASN")]
    #[schemars(
        range(min = 0, max = 4_294_967_295_i64), extend("default" = 0)
    )]
    pub peer_asn: Option<i64>,
    /// How its address is found. Absent: it stands in `peerAddress`.
    pub auto_discovery: Option<BgpAutoDiscovery>,
    /// Settings of the session. Absent: BGP's defaults.
    pub peer_config_ref: Option<PeerConfigReference>,
}

impl CiliumBgpPeer {
    /// A neighbour of this autonomous system at this address, with BGP's default settings.
    pub fn new(name: impl Into<String>, asn: i64, address: IpAddr) -> Self {
        Self {
            name: name.into(),
            peer_address: Some(address.to_string()),
            peer_asn: Some(asn),
            auto_discovery: None,
            peer_config_ref: None,
        }
    }

    /// The same neighbour with the settings of this `CiliumBGPPeerConfig`.
    #[must_use]
    pub fn with_config(self, name: impl Into<String>) -> Self {
        Self {
            peer_config_ref: Some(PeerConfigReference { name: name.into() }),
            ..self
        }
    }
}

/// How a neighbour's address is found.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct BgpAutoDiscovery {
    /// Where the neighbour's address is looked up.
    pub mode: BgpAutoDiscoveryMode,
    /// What to look for in mode [`BgpAutoDiscoveryMode::DefaultGateway`].
    pub default_gateway: Option<DefaultGateway>,
}

/// Where a neighbour's address is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ["DefaultGateway"]))]
pub enum BgpAutoDiscoveryMode {
    /// The neighbour is the node's default gateway.
    DefaultGateway,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Which default gateway is the neighbour.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct DefaultGateway {
    /// That of IPv4 or that of IPv6.
    pub address_family: BgpAddressFamily,
}

/// Version of the Internet Protocol, in BGP's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum BgpAddressFamily {
    /// The default gateway of IPv4.
    Ipv4,
    /// The default gateway of IPv6.
    Ipv6,
}

/// The `CiliumBGPPeerConfig` with the settings of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PeerConfigReference {
    /// Name of the CiliumBGPPeerConfig.
    pub name: String,
}

/// What the operator made of the routers. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpClusterConfigStatus {
    /// Verdicts, one per type, such as `cilium.io/NoMatchingNode` and
    /// `cilium.io/ConflictingClusterConfig`.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}
