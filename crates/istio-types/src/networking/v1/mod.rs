//! The current version of the networking kinds. ProxyConfig is in [`v1beta1`](super::v1beta1), EnvoyFilter in
//! [`v1alpha3`](super::v1alpha3): they have no newer version.

mod connection_pool;
mod destination;
mod destination_rule;
mod gateway;
mod http_fault;
mod http_route;
mod l4_route;
mod load_balancer;
mod mirror_percent;
mod outlier_detection;
mod selector;
mod service_entry;
mod sidecar;
mod string_match;
mod tls;
mod traffic_policy;
mod virtual_service;
mod workload_entry;
mod workload_group;

pub use self::connection_pool::*;
pub use self::destination::*;
pub use self::destination_rule::*;
pub use self::gateway::*;
pub use self::http_fault::*;
pub use self::http_route::*;
pub use self::l4_route::*;
pub use self::load_balancer::*;
pub use self::mirror_percent::*;
pub use self::outlier_detection::*;
pub use self::selector::*;
pub use self::service_entry::*;
pub use self::sidecar::*;
pub use self::string_match::*;
pub use self::tls::*;
pub use self::traffic_policy::*;
pub use self::virtual_service::*;
pub use self::workload_entry::*;
pub use self::workload_group::*;
pub use crate::{PolicyTargetReference, WorkloadSelector};
