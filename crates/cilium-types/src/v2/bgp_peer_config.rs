//! Settings of BGP sessions.

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

/// Settings that sessions with BGP neighbours share.
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-peer-configuration>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumBGPPeerConfig",
    plural = "ciliumbgppeerconfigs", scope = Cluster,
    short_names = ["cbgppeer"],
    categories = ["cilium", "ciliumbgp"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v2alpha1", declared = crate::v2alpha1::CiliumBgpPeerConfig),
)]
pub struct CiliumBgpPeerConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The settings of every session that names this object.
    pub spec: CiliumBgpPeerConfigSpec,
    /// What Cilium made of them.
    pub status: Option<CiliumBgpPeerConfigStatus>,
}

/// Settings of a session.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpPeerConfigSpec {
    /// How the neighbour is reached. Absent: BGP's port, from the address that leads there.
    pub transport: Option<CiliumBgpTransport>,
    /// Timers. Absent: the defaults of each.
    pub timers: Option<CiliumBgpTimers>,
    /// Secret with the password of the session (TCP MD5, entry `password`), in the namespace
    /// that Cilium is told to keep BGP secrets in. Absent: no password.
    pub auth_secret_ref: Option<String>,
    /// Whether routes outlive a restart of the session. Absent: they do not.
    pub graceful_restart: Option<CiliumBgpNeighborGracefulRestart>,
    /// How many hops away a neighbour of another autonomous system may be, 1 to 255; the TTL of
    /// the packets. Absent: 1, next to the node.
    #[schemars(range(min = 1, max = 255), extend("default" = 1))]
    pub ebgp_multihop: Option<i32>,
    /// Families of routes to exchange, and what is announced for each. Absent and `[]` are the
    /// same: IPv4 and IPv6 unicast, announcing nothing.
    pub families: Vec<CiliumBgpFamilyWithAdverts>,
}

/// How a neighbour is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpTransport {
    /// Its TCP port, 1 to 65535. Absent: 179.
    #[schemars(range(min = 1, max = 65535), extend("default" = 179))]
    pub peer_port: Option<i32>,
    /// Interface of the node whose address is used, one per family of addresses. Absent, or no
    /// such interface: the address that leads to the neighbour.
    pub source_interface: Option<String>,
}

/// Timers of a session, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = [{
    "rule": "self.holdTimeSeconds >= self.keepAliveTimeSeconds",
    "message": "keepAliveTimeSeconds must not exceed holdTimeSeconds",
}]))]
pub struct CiliumBgpTimers {
    /// Between two attempts to reach the neighbour, at least 1. Absent: 120.
    #[schemars(range(min = 1, max = 2_147_483_647), extend("default" = 120))]
    pub connect_retry_time_seconds: Option<i32>,
    /// Of silence after which the session counts as lost, 3 to 65535. Absent: 90. A change
    /// resets the session.
    #[schemars(range(min = 3, max = 65535), extend("default" = 90))]
    pub hold_time_seconds: Option<i32>,
    /// Between two signs of life, 1 to 65535, not more than the hold time. Absent: 30. A
    /// change resets the session.
    #[schemars(range(min = 1, max = 65535), extend("default" = 30))]
    pub keep_alive_time_seconds: Option<i32>,
}

/// Whether routes outlive a restart of the session (RFC 4724).
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumBgpNeighborGracefulRestart {
    /// Whether graceful restart is offered: the neighbour keeps routes while the agent restarts.
    pub enabled: bool,
    /// Seconds that the neighbour waits before it drops the routes, 1 to 4095. Absent: 120.
    #[schemars(range(min = 1, max = 4095), extend("default" = 120))]
    pub restart_time_seconds: Option<i32>,
}

/// A family of routes, and what is announced for it.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct CiliumBgpFamilyWithAdverts {
    /// The address family, such as IPv4.
    pub afi: Afi,
    /// What the routes are for, such as single addresses (unicast).
    pub safi: Safi,
    /// Labels of the `CiliumBGPAdvertisement`s that are announced. Absent: none of them; the
    /// empty selector is all.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub advertisements: Option<LabelSelector>,
}

/// Kind of addresses that routes are about (BGP's AFI).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum Afi {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// Layer 2 VPNs.
    L2vpn,
    /// Link state.
    Ls,
    /// Opaque data.
    Opaque,
}

/// Kind of routes (BGP's SAFI). Cilium itself announces unicast routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "snake_case")]
pub enum Safi {
    /// To single addresses.
    Unicast,
    /// To groups.
    Multicast,
    /// With MPLS labels.
    MplsLabel,
    /// With tunnels.
    Encapsulation,
    /// Virtual private LANs.
    Vpls,
    /// Ethernet VPNs.
    Evpn,
    /// Link state.
    Ls,
    /// Segment routing policies.
    SrPolicy,
    /// Mobile user plane.
    Mup,
    /// MPLS VPNs.
    MplsVpn,
    /// Multicast in MPLS VPNs.
    MplsVpnMulticast,
    /// Who wants which routes of VPNs.
    RouteTargetConstraints,
    /// Traffic filters.
    FlowspecUnicast,
    /// Traffic filters of VPNs.
    FlowspecVpn,
    /// Pairs of key and value.
    KeyValue,
}

/// What Cilium made of the settings. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpPeerConfigStatus {
    /// Verdicts, one per type, such as `cilium.io/MissingAuthSecret`.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}
