//! Addresses for pods.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::cidr::Cidr;

/// Addresses that pods are given where Cilium manages several pools.
///
/// <https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumPodIPPool",
    plural = "ciliumpodippools", scope = Cluster,
    short_names = ["cpip"],
    categories = ["cilium"],
)]
pub struct CiliumPodIpPool {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The addresses, and which pods get them.
    pub spec: IpPoolSpec,
}

/// Addresses, and which pods get them unless an annotation of the pod or of its namespace says
/// otherwise.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IpPoolSpec {
    /// IPv4 addresses. Absent: none.
    pub ipv4: Option<Ipv4PoolSpec>,
    /// IPv6 addresses. Absent: none.
    pub ipv6: Option<Ipv6PoolSpec>,
    /// Labels of the pods, among them `io.kubernetes.pod.namespace` and
    /// `io.kubernetes.pod.name`. Absent: no demand on the pod. A pod that two pools want gets
    /// no address.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub pod_selector: Option<LabelSelector>,
    /// Labels of the pods' namespaces. Absent and the empty selector are the same: every
    /// namespace. Without both selectors only annotations lead to the pool.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub namespace_selector: Option<LabelSelector>,
}

/// IPv4 addresses of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Ipv4PoolSpec {
    /// The blocks, at least one.
    #[field(required)]
    #[schemars(length(min = 1))]
    pub cidrs: Vec<Cidr>,
    /// Prefix length of the smaller blocks that nodes are given, 1 to 32.
    #[schemars(with = "crate::schema::Integer", range(min = 1, max = 32))]
    pub mask_size: u8,
}

/// IPv6 addresses of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Ipv6PoolSpec {
    /// The blocks, at least one.
    #[field(required)]
    #[schemars(length(min = 1))]
    pub cidrs: Vec<Cidr>,
    /// Prefix length of the smaller blocks that nodes are given, 1 to 128.
    #[schemars(with = "crate::schema::Integer", range(min = 1, max = 128))]
    pub mask_size: u8,
}
