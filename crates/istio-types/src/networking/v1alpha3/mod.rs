//! An older version of the networking kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

mod envoy_filter;

pub use self::envoy_filter::*;
pub use super::v1::*;
pub use super::v1::{
    destination_rule_v1alpha3::DestinationRule, gateway_v1alpha3::Gateway,
    service_entry_v1alpha3::ServiceEntry, sidecar_v1alpha3::Sidecar,
    virtual_service_v1alpha3::VirtualService, workload_entry_v1alpha3::WorkloadEntry,
    workload_group_v1alpha3::WorkloadGroup,
};
