//! Named lists of address blocks.

use crate::cidr::Cidr;
use crd_core::{Object, ObjectMeta, Resource};

/// Blocks of addresses outside of the cluster under one name, for use in network policies:
/// [`CidrRule::group`](crate::v2::CidrRule::group).
///
/// ```
/// use cilium_types::v2::{CidrRule, CiliumCidrGroup, CiliumCidrGroupSpec, IngressRule};
///
/// let offices = CiliumCidrGroup::new("offices", CiliumCidrGroupSpec {
///     external_cidrs: vec!["192.0.2.0/24".parse()?, "2001:db8::/32".parse()?],
/// });
/// let rule = IngressRule::from_cidrs([CidrRule::group("offices")]);
/// # Ok::<(), cilium_types::v2::CidrError>(())
/// ```
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumcidrgroup/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumCIDRGroup",
    plural = "ciliumcidrgroups", scope = Cluster,
    short_names = ["ccg"],
    categories = ["cilium"],
    older(version = "v2alpha1", deprecated),
)]
pub struct CiliumCidrGroup {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The blocks that rules mean when they name the group.
    pub spec: CiliumCidrGroupSpec,
}

/// Blocks of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumCidrGroupSpec {
    /// The blocks; an empty list is a group that no address belongs to.
    #[field(rename = "externalCIDRs", required)]
    #[schemars(length(min = 0))]
    pub external_cidrs: Vec<Cidr>,
}
