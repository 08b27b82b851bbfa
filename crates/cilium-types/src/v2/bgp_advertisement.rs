//! What is announced to BGP neighbours.

use crd_core::{Object, ObjectMeta, Resource, StringEnum, Union};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Routes that the nodes announce to their BGP neighbours. A `CiliumBGPPeerConfig` picks
/// advertisements by their labels, so give them some.
///
/// ```
/// use cilium_types::v2::{
///     BgpAdvertisement, BgpAdvertisementType, BgpServiceAddressType, BgpServiceOptions,
///     CiliumBgpAdvertisement, CiliumBgpAdvertisementSpec,
/// };
/// use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
///
/// let services = BgpAdvertisement {
///     advertisement: BgpAdvertisementType::Service(BgpServiceOptions {
///         addresses: vec![BgpServiceAddressType::LoadBalancerIp],
///         aggregation_length_ipv4: None,
///         aggregation_length_ipv6: None,
///     }),
///     // All Services; without a selector it would be none.
///     selector: Some(LabelSelector::default()),
///     attributes: None,
/// };
/// let advertisement = CiliumBgpAdvertisement::new("services", CiliumBgpAdvertisementSpec {
///     advertisements: vec![services],
/// })
/// .with_label("advertise", "bgp");
/// ```
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-advertisements>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumBGPAdvertisement",
    plural = "ciliumbgpadvertisements", scope = Cluster,
    short_names = ["cbgpadvert"],
    categories = ["cilium", "ciliumbgp"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v2alpha1", declared = crate::v2alpha1::CiliumBgpAdvertisement),
)]
pub struct CiliumBgpAdvertisement {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which routes are announced, and with which attributes.
    pub spec: CiliumBgpAdvertisementSpec,
}

/// Routes to announce.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpAdvertisementSpec {
    /// What is announced; each entry adds routes to those of the others.
    #[field(required)]
    pub advertisements: Vec<BgpAdvertisement>,
}

/// Routes of one kind.
#[derive(Clone, Debug, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = [{
    "rule": "!has(self.selector) || self.advertisementType != 'PodCIDR'",
    "message": "a PodCIDR advertisement takes no selector",
}]))]
pub struct BgpAdvertisement {
    /// What the routes lead to, by `advertisementType`.
    #[field(embed)]
    pub advertisement: BgpAdvertisementType,
    /// Which objects of that kind are announced: Services, pools. Absent: none of them; the
    /// empty selector is all. Must be absent for [`BgpAdvertisementType::PodCidr`].
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub selector: Option<LabelSelector>,
    /// Attributes that the routes get beside the usual ones. Absent: none.
    pub attributes: Option<BgpAttributes>,
}

/// What announced routes lead to.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "advertisementType", cel)]
pub enum BgpAdvertisementType {
    /// The node's own block of pod addresses.
    #[arm(tag = "PodCIDR")]
    PodCidr,
    /// Blocks that the node got from `CiliumPodIPPool`s.
    #[arm(tag = "CiliumPodIPPool")]
    CiliumPodIpPool,
    /// Addresses of Services.
    Service(BgpServiceOptions),
    /// Addresses of a network interface of the node, each as a route of its own.
    Interface(BgpInterfaceOptions),
}

/// How addresses of Services are announced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BgpServiceOptions {
    /// Which of a Service's addresses are announced; at least one kind.
    #[field(required)]
    #[schemars(length(min = 1))]
    pub addresses: Vec<BgpServiceAddressType>,
    /// Joins IPv4 routes into blocks with this prefix length, 0 to 31. Absent: one route per
    /// address.
    #[field(rename = "aggregationLengthIPv4")]
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0, max = 31))]
    pub aggregation_length_ipv4: Option<i16>,
    /// Joins IPv6 routes into blocks with this prefix length, 0 to 127. Absent: one route per
    /// address.
    #[field(rename = "aggregationLengthIPv6")]
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0, max = 127))]
    pub aggregation_length_ipv6: Option<i16>,
}

/// One of the kinds of address that a Service has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ["LoadBalancerIP", "ClusterIP", "ExternalIP"]))]
pub enum BgpServiceAddressType {
    /// The addresses of its load balancer (`status.loadBalancer.ingress`).
    #[arm(rename = "LoadBalancerIP")]
    LoadBalancerIp,
    /// The address inside of the cluster.
    #[arm(rename = "ClusterIP")]
    ClusterIp,
    /// The addresses in `spec.externalIPs`.
    #[arm(rename = "ExternalIP")]
    ExternalIp,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Which interface's addresses are announced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BgpInterfaceOptions {
    /// Name of the interface on the node, such as `lo`. Each of its addresses becomes a /32
    /// (IPv4) or /128 (IPv6) route.
    pub name: String,
}

/// Attributes of announced routes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BgpAttributes {
    /// Communities that the routes belong to. Absent: none.
    pub communities: Option<BgpCommunities>,
    /// How much the route is preferred within one autonomous system; the highest wins. Absent:
    /// the attribute is not sent.
    pub local_preference: Option<i64>,
}

/// Communities: marks by which routers treat routes alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BgpCommunities {
    /// Communities of RFC 1997: a number of 32 bits (`4259840100`), or two of 16 bits with a
    /// colon (`65000:100`).
    #[schemars(inner(regex(pattern = pattern::STANDARD_COMMUNITY)))]
    pub standard: Vec<String>,
    /// Communities of RFC 1997 that have a name.
    pub well_known: Vec<BgpWellKnownCommunity>,
    /// Communities of RFC 8092: three numbers of 32 bits with colons (`64512:100:50`).
    #[schemars(inner(regex(pattern = pattern::LARGE_COMMUNITY)))]
    pub large: Vec<String>,
}

/// A community with a name; IANA keeps the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "kebab-case")]
pub enum BgpWellKnownCommunity {
    /// `0:0`: no restriction, the route may be announced to anyone.
    Internet,
    /// 65535:0, the router is about to go (RFC 8326).
    PlannedShut,
    /// 65535:1, a route of one's own is taken back (RFC 7611).
    AcceptOwn,
    /// `65535:2`, as the registry of well-known communities has it.
    RouteFilterTranslatedV4,
    /// `65535:3`, as the registry of well-known communities has it.
    RouteFilterV4,
    /// `65535:4`, as the registry of well-known communities has it.
    RouteFilterTranslatedV6,
    /// `65535:5`, as the registry of well-known communities has it.
    RouteFilterV6,
    /// 65535:6, a long-lived stale route (RFC 9494).
    LlgrStale,
    /// 65535:7, no long-lived graceful restart for the route (RFC 9494).
    NoLlgr,
    /// 65535:666, traffic is to be discarded (RFC 7999).
    Blackhole,
    /// 65535:65281, stays within the confederation.
    NoExport,
    /// 65535:65282, is told to nobody.
    NoAdvertise,
    /// 65535:65283, stays within the autonomous system.
    NoExportSubconfed,
    /// 65535:65284, is not told to peers (RFC 3765).
    NoPeer,
}

crd_core::if_schema! {
mod pattern {
    /// A decimal number of 32 bits.
    macro_rules! u32_pattern {
        () => {
            concat!(
                "([0-9]|[1-9][0-9]{1,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}",
                "|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}",
                "|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])"
            )
        };
    }

    /// A decimal number of 16 bits.
    macro_rules! u16_pattern {
        () => {
            "([0-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
        };
    }

    pub(super) const STANDARD_COMMUNITY: &str = concat!(
        "^",
        u32_pattern!(),
        "$|^",
        u16_pattern!(),
        ":",
        u16_pattern!(),
        "$"
    );
    pub(super) const LARGE_COMMUNITY: &str = concat!(
        "^",
        u32_pattern!(),
        ":",
        u32_pattern!(),
        ":",
        u32_pattern!(),
        "$"
    );
}
}
