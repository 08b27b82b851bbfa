//! The kinds of `cilium.io/v2alpha1`. Where a kind is also in [`v2`](crate::v2), write that one.

mod bgp_advertisement;
mod bgp_config;
mod endpoint_slice;
mod gateway_class_config;
mod l2_announcement_policy;
mod pod_ip_pool;
mod same_as_v2;

pub use bgp_advertisement::{
    BgpAdvertisement, BgpAdvertisementType, CiliumBgpAdvertisement, CiliumBgpAdvertisementSpec,
};
pub use bgp_config::{
    CiliumBgpClusterConfig, CiliumBgpClusterConfigSpec, CiliumBgpInstance, CiliumBgpNodeConfig,
    CiliumBgpNodeInstance, CiliumBgpNodePeer, CiliumBgpNodeSpec, CiliumBgpPeer,
    CiliumBgpPeerConfig, CiliumBgpPeerConfigSpec, CiliumBgpTransport, PeerConfigReference,
};
pub use endpoint_slice::{CiliumEndpointSlice, CoreCiliumEndpoint};
pub use gateway_class_config::{
    CiliumGatewayClassConfig, CiliumGatewayClassConfigSpec, CiliumGatewayClassConfigStatus,
    LoadBalancerSourceRangesPolicy, ServiceConfig, ServiceExternalTrafficPolicy, ServiceType,
};
pub use l2_announcement_policy::{
    CiliumL2AnnouncementPolicy, CiliumL2AnnouncementPolicySpec, CiliumL2AnnouncementPolicyStatus,
};
pub use pod_ip_pool::{CiliumPodIpPool, IpPoolSpec, Ipv4PoolSpec, Ipv6PoolSpec};
pub use same_as_v2::{
    CiliumBgpNodeConfigOverride, CiliumCidrGroup, CiliumLoadBalancerIpPool, CiliumNodeConfig,
};
