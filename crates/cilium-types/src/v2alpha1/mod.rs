//! The kinds of `cilium.io/v2alpha1`. Where a kind is also in [`v2`](crate::v2), write that one.

mod bgp_advertisement;
mod bgp_config;
mod endpoint_slice;
mod gateway_class_config;
mod l2_announcement_policy;
mod pod_ip_pool;

pub use crate::v2::{
    cilium_bgp_node_config_override_v2alpha1::CiliumBgpNodeConfigOverride,
    cilium_cidr_group_v2alpha1::CiliumCidrGroup,
    cilium_load_balancer_ip_pool_v2alpha1::CiliumLoadBalancerIpPool,
    cilium_node_config_v2alpha1::CiliumNodeConfig,
};
pub use bgp_advertisement::*;
pub use bgp_config::*;
pub use endpoint_slice::*;
pub use gateway_class_config::*;
pub use l2_announcement_policy::*;
pub use pod_ip_pool::*;
