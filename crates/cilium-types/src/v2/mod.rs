//! The kinds of `cilium.io/v2`.

mod network_policy;
mod policy;

pub use network_policy::{
    CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy, CiliumNetworkPolicyNodeStatus,
    CiliumNetworkPolicyStatus, NetworkPolicyCondition,
};
pub use policy::*;

pub use crate::cidr::{Cidr, CidrError};
pub use crate::label::{Label, LabelKey, LabelSource, NAMESPACE_LABELS_PREFIX, POD_NAMESPACE};
