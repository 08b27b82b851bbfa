//! An older version of the networking kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

mod proxy_config;

pub use self::proxy_config::*;
pub use super::v1::*;
pub use super::v1::{
    destination_rule_v1beta1::DestinationRule, gateway_v1beta1::Gateway,
    service_entry_v1beta1::ServiceEntry, sidecar_v1beta1::Sidecar,
    virtual_service_v1beta1::VirtualService, workload_entry_v1beta1::WorkloadEntry,
    workload_group_v1beta1::WorkloadGroup,
};
