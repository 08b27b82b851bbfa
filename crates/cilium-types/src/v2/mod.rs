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

pub use bgp_advertisement::*;
pub use bgp_cluster_config::*;
pub use bgp_node_config::*;
pub use bgp_node_config_override::*;
pub use bgp_peer_config::*;
pub use cidr_group::*;
pub use egress_gateway::*;
pub use endpoint::*;
pub use envoy_config::*;
pub use identity::*;
pub use load_balancer_ip_pool::*;
pub use local_redirect_policy::*;
pub use network_policy::*;
pub use node::*;
pub use node_cloud::*;
pub use node_config::*;
pub use policy::*;

pub use crate::cidr::{Cidr, CidrError};
pub use crate::label::{Label, LabelKey, LabelSource, NAMESPACE_LABELS_PREFIX, POD_NAMESPACE};
