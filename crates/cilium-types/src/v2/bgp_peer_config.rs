//! Settings of BGP sessions.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};
use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// Settings that sessions with BGP neighbours share.
    ///
    /// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-peer-configuration>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumBGPPeerConfig",
        plural = "ciliumbgppeerconfigs", scope = Cluster,
        short_names = ["cbgppeer"],
        categories = ["cilium", "ciliumbgp"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumBgpPeerConfig {
        /// The settings.
        pub spec: CiliumBgpPeerConfigSpec,
        /// What Cilium made of them.
        pub status: Option<CiliumBgpPeerConfigStatus>,
    }
}

/// Settings of a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpPeerConfigSpec {
    /// How the neighbour is reached. Absent: BGP's port, from the address that leads there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<CiliumBgpTransport>,
    /// Timers. Absent: the defaults of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timers: Option<CiliumBgpTimers>,
    /// Secret with the password of the session (TCP MD5, entry `password`), in the namespace
    /// that Cilium is told to keep BGP secrets in. Absent: no password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_secret_ref: Option<String>,
    /// Whether routes outlive a restart of the session. Absent: they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graceful_restart: Option<CiliumBgpNeighborGracefulRestart>,
    /// How many hops away a neighbour of another autonomous system may be, 1 to 255; the TTL of
    /// the packets. Absent: 1, next to the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 255), extend("default" = 1)))]
    pub ebgp_multihop: Option<i32>,
    /// Families of routes to exchange, and what is announced for each. Absent and `[]` are the
    /// same: IPv4 and IPv6 unicast, announcing nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<CiliumBgpFamilyWithAdverts>,
}

/// How a neighbour is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpTransport {
    /// Its TCP port, 1 to 65535. Absent: 179.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535), extend("default" = 179)))]
    pub peer_port: Option<i32>,
    /// Interface of the node whose address is used, one per family of addresses. Absent, or no
    /// such interface: the address that leads to the neighbour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_interface: Option<String>,
}

/// Timers of a session, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [{
    "rule": "self.holdTimeSeconds >= self.keepAliveTimeSeconds",
    "message": "keepAliveTimeSeconds must not exceed holdTimeSeconds",
}])))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpTimers {
    /// Between two attempts to reach the neighbour, at least 1. Absent: 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 2_147_483_647), extend("default" = 120)))]
    pub connect_retry_time_seconds: Option<i32>,
    /// Of silence after which the session counts as lost, 3 to 65535. Absent: 90. A change
    /// resets the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 3, max = 65535), extend("default" = 90)))]
    pub hold_time_seconds: Option<i32>,
    /// Between two signs of life, 1 to 65535, not more than the hold time. Absent: 30. A
    /// change resets the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535), extend("default" = 30)))]
    pub keep_alive_time_seconds: Option<i32>,
}

/// Whether routes outlive a restart of the session (RFC 4724).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpNeighborGracefulRestart {
    /// Whether they do.
    pub enabled: bool,
    /// Seconds that the neighbour waits before it drops the routes, 1 to 4095. Absent: 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4095), extend("default" = 120)))]
    pub restart_time_seconds: Option<i32>,
}

/// A family of routes, and what is announced for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpFamilyWithAdverts {
    /// Kind of addresses.
    pub afi: Afi,
    /// Kind of routes.
    pub safi: Safi,
    /// Labels of the `CiliumBGPAdvertisement`s that are announced. Absent: none of them; the
    /// empty selector is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub advertisements: Option<LabelSelector>,
}

crd_core::string_enum! {
    /// Kind of addresses that routes are about (BGP's AFI).
    pub enum Afi {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
        /// Layer 2 VPNs.
        L2vpn = "l2vpn",
        /// Link state.
        Ls = "ls",
        /// Opaque data.
        Opaque = "opaque",
    }
}

crd_core::string_enum! {
    /// Kind of routes (BGP's SAFI). Cilium itself announces unicast routes.
    pub enum Safi {
        /// To single addresses.
        Unicast = "unicast",
        /// To groups.
        Multicast = "multicast",
        /// With MPLS labels.
        MplsLabel = "mpls_label",
        /// With tunnels.
        Encapsulation = "encapsulation",
        /// Virtual private LANs.
        Vpls = "vpls",
        /// Ethernet VPNs.
        Evpn = "evpn",
        /// Link state.
        Ls = "ls",
        /// Segment routing policies.
        SrPolicy = "sr_policy",
        /// Mobile user plane.
        Mup = "mup",
        /// MPLS VPNs.
        MplsVpn = "mpls_vpn",
        /// Multicast in MPLS VPNs.
        MplsVpnMulticast = "mpls_vpn_multicast",
        /// Who wants which routes of VPNs.
        RouteTargetConstraints = "route_target_constraints",
        /// Traffic filters.
        FlowspecUnicast = "flowspec_unicast",
        /// Traffic filters of VPNs.
        FlowspecVpn = "flowspec_vpn",
        /// Pairs of key and value.
        KeyValue = "key_value",
    }
}

/// What Cilium made of the settings. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpPeerConfigStatus {
    /// Verdicts, one per type, such as `cilium.io/MissingAuthSecret`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::conditions")
    )]
    pub conditions: Vec<Condition>,
}
