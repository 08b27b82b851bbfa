//! Addresses for Services of type LoadBalancer.

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

use crate::cidr::Cidr;

/// Addresses that Services of type LoadBalancer are given.
///
/// ```
/// use cilium_types::v2::{
///     CiliumLoadBalancerIpPool, CiliumLoadBalancerIpPoolIpBlock, CiliumLoadBalancerIpPoolSpec,
/// };
///
/// let pool = CiliumLoadBalancerIpPool::new("lan", CiliumLoadBalancerIpPoolSpec {
///     blocks: vec![
///         CiliumLoadBalancerIpPoolIpBlock::cidr("192.168.7.0/28".parse()?),
///         CiliumLoadBalancerIpPoolIpBlock::range("192.168.8.10", "192.168.8.20"),
///     ],
///     ..Default::default()
/// });
/// # Ok::<(), cilium_types::v2::CidrError>(())
/// ```
///
/// <https://docs.cilium.io/en/stable/network/lb-ipam/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumLoadBalancerIPPool",
    plural = "ciliumloadbalancerippools", scope = Cluster,
    short_names = ["ippools", "ippool", "lbippool", "lbippools"],
    categories = ["cilium"],
    status_subresource,
    printer_columns = [
        ("Disabled", "boolean", ".spec.disabled"),
        ("Conflicting", "string", ".status.conditions[?(@.type==\"cilium.io/PoolConflict\")].status"),
        ("IPs Available", "string", ".status.conditions[?(@.type==\"cilium.io/IPsAvailable\")].message"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v2alpha1", deprecated),
)]
pub struct CiliumLoadBalancerIpPool {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The addresses, and which Services get them.
    pub spec: CiliumLoadBalancerIpPoolSpec,
    /// What the operator made of the pool.
    pub status: Option<CiliumLoadBalancerIpPoolStatus>,
}

/// Addresses, and which Services get them.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumLoadBalancerIpPoolSpec {
    /// Services that may get an address. Absent and the empty selector are the same: all.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub service_selector: Option<LabelSelector>,
    /// Whether the first and the last address of each block are given away, too. Absent: yes.
    /// Of no meaning for blocks of one or two addresses.
    #[field(rename = "allowFirstLastIPs")]
    pub allow_first_last_ips: Option<AllowFirstLastIps>,
    /// The addresses. Pools must not overlap. Empty and absent are the same: none.
    pub blocks: Vec<CiliumLoadBalancerIpPoolIpBlock>,
    /// Stops giving addresses; what was given stays. Absent: false.
    #[schemars(extend("default" = false))]
    pub disabled: Option<bool>,
}

/// Whether the first and the last address of a block are given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum AllowFirstLastIps {
    /// The first and the last address of each block are given out.
    Yes,
    /// The first and the last address of each block are kept back.
    No,
}

/// Addresses of a pool: a block (`cidr`), or a range (`start` and `stop`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumLoadBalancerIpPoolIpBlock {
    /// A block. Where it is set, the range has no effect.
    pub cidr: Option<Cidr>,
    /// First address of a range.
    pub start: Option<String>,
    /// Last address of a range, included. Absent: the range is the one address.
    pub stop: Option<String>,
}

impl CiliumLoadBalancerIpPoolIpBlock {
    /// All addresses of a block.
    pub fn cidr(cidr: Cidr) -> Self {
        Self {
            cidr: Some(cidr),
            ..Self::default()
        }
    }

    /// All addresses from the first to the last, both included.
    pub fn range(start: impl Into<String>, stop: impl Into<String>) -> Self {
        Self {
            cidr: None,
            start: Some(start.into()),
            stop: Some(stop.into()),
        }
    }
}

/// What the operator made of a pool. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumLoadBalancerIpPoolStatus {
    /// Verdicts, one per type: `cilium.io/PoolConflict` (overlaps with another pool) and the
    /// numbers of addresses, `cilium.io/IPsTotal`, `cilium.io/IPsAvailable`, `cilium.io/IPsUsed`.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}
