//! The kinds of `cilium.io/v2`.

mod bgp_advertisement;
mod bgp_cluster_config;
mod bgp_node_config;
mod bgp_node_config_override;
mod bgp_peer_config;
mod cidr_group;
mod egress_gateway;
mod endpoint;
mod envoy_config;
mod identity;
mod load_balancer_ip_pool;
mod local_redirect_policy;
mod network_policy;
mod node;
mod node_cloud;
mod node_config;
mod policy;

pub use bgp_advertisement::{
    BgpAdvertisement, BgpAdvertisementType, BgpAttributes, BgpCommunities, BgpInterfaceOptions,
    BgpServiceAddressType, BgpServiceOptions, BgpWellKnownCommunity, CiliumBgpAdvertisement,
    CiliumBgpAdvertisementSpec,
};
pub use bgp_cluster_config::{
    BgpAddressFamily, BgpAutoDiscovery, BgpAutoDiscoveryMode, CiliumBgpClusterConfig,
    CiliumBgpClusterConfigSpec, CiliumBgpClusterConfigStatus, CiliumBgpInstance, CiliumBgpPeer,
    DefaultGateway, PeerConfigReference,
};
pub use bgp_node_config::{
    BgpFamilyRouteCount, CiliumBgpNodeConfig, CiliumBgpNodeInstance, CiliumBgpNodeInstanceStatus,
    CiliumBgpNodePeer, CiliumBgpNodePeerStatus, CiliumBgpNodeSpec, CiliumBgpNodeStatus,
    CiliumBgpTimersState,
};
pub use bgp_node_config_override::{
    CiliumBgpNodeConfigInstanceOverride, CiliumBgpNodeConfigOverride,
    CiliumBgpNodeConfigOverrideSpec, CiliumBgpNodeConfigPeerOverride,
};
pub use bgp_peer_config::{
    Afi, CiliumBgpFamilyWithAdverts, CiliumBgpNeighborGracefulRestart, CiliumBgpPeerConfig,
    CiliumBgpPeerConfigSpec, CiliumBgpPeerConfigStatus, CiliumBgpTimers, CiliumBgpTransport, Safi,
};
pub use cidr_group::{CiliumCidrGroup, CiliumCidrGroupSpec};
pub use egress_gateway::{
    CiliumEgressGatewayPolicy, CiliumEgressGatewayPolicySpec, EgressGateway, GatewaySelector,
};
pub use endpoint::{
    AddressPair, CiliumEndpoint, ControllerConfiguration, ControllerStatus, ControllerStatusStatus,
    EncryptionSpec, EndpointHealth, EndpointIdentifiers, EndpointIdentity, EndpointNetworking,
    EndpointPolicy, EndpointPolicyDirection, EndpointPolicyState, EndpointState, EndpointStatus,
    EndpointStatusChange, IdentityTuple, NamedPort,
};
pub use envoy_config::{
    BackendService, CiliumClusterwideEnvoyConfig, CiliumEnvoyConfig, CiliumEnvoyConfigSpec,
    ServiceListener, XdsResource,
};
pub use identity::CiliumIdentity;
pub use load_balancer_ip_pool::{
    AllowFirstLastIps, CiliumLoadBalancerIpPool, CiliumLoadBalancerIpPoolIpBlock,
    CiliumLoadBalancerIpPoolSpec, CiliumLoadBalancerIpPoolStatus,
};
pub use local_redirect_policy::{
    CiliumLocalRedirectPolicy, CiliumLocalRedirectPolicySpec, CiliumLocalRedirectPolicyStatus,
    Frontend, PortInfo, PortInfoProtocol, RedirectBackend, RedirectFrontend, ServiceInfo,
};
pub use network_policy::{
    CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy, CiliumNetworkPolicyNodeStatus,
    CiliumNetworkPolicyStatus, NetworkPolicyCondition,
};
pub use node::{
    AllocationIp, CiliumNode, HealthAddressingSpec, IpReleaseStatus, IpamPoolAllocation,
    IpamPoolDemand, IpamPoolRequest, IpamPoolSpec, IpamSpec, IpamStatus, NodeAddress, NodeSpec,
    NodeStatus, OperatorStatus, PodCidrMapEntry, PodCidrStatus,
};
pub use node_cloud::{
    AlibabaEni, AlibabaSpec, AlibabaStatus, AlibabaVSwitch, AlibabaVpc, AwsSubnet, AwsVpc,
    AzureAddress, AzureInterface, AzureSpec, AzureStatus, Eni, EniSpec, EniStatus, PrivateIpSet,
};
pub use node_config::{CiliumNodeConfig, CiliumNodeConfigSpec};
pub use policy::*;

pub use crate::cidr::{Cidr, CidrError};
pub use crate::label::{Label, LabelKey, LabelSource, NAMESPACE_LABELS_PREFIX, POD_NAMESPACE};
