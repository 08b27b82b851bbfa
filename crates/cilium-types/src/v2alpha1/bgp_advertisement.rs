//! What is announced to BGP neighbours: the older version.

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::v2::{BgpAttributes, BgpServiceOptions};

/// Routes that the nodes announce to their BGP neighbours. Deprecated: write
/// [`v2::CiliumBgpAdvertisement`](crate::v2::CiliumBgpAdvertisement), which also announces
/// interfaces.
///
/// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-advertisements>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPAdvertisement",
    plural = "ciliumbgpadvertisements", scope = Cluster,
    short_names = ["cbgpadvert"],
    categories = ["cilium", "ciliumbgp"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    deprecated = true,
)]
pub struct CiliumBgpAdvertisement {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which routes are announced, and with which attributes.
    pub spec: CiliumBgpAdvertisementSpec,
}

/// Routes to announce.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumBgpAdvertisementSpec {
    /// What is announced; each entry adds routes to those of the others.
    #[field(required)]
    pub advertisements: Vec<BgpAdvertisement>,
}

/// Routes of one kind. Not a union here, since this version lets `service` stand beside any
/// type.
#[derive(Clone, Debug, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = [
    {
        "rule": "has(self.service) || self.advertisementType != 'Service'",
        "message": "advertisementType Service demands service",
    },
    {
        "rule": "!has(self.selector) || self.advertisementType != 'PodCIDR'",
        "message": "a PodCIDR advertisement takes no selector",
    },
]))]
pub struct BgpAdvertisement {
    /// What the routes lead to.
    pub advertisement_type: BgpAdvertisementType,
    /// How addresses of Services are announced; must be set for
    /// [`BgpAdvertisementType::Service`], and means nothing to the others.
    pub service: Option<BgpServiceOptions>,
    /// Which objects of that kind are announced. Absent: none of them; the empty selector is
    /// all. Must be absent for [`BgpAdvertisementType::PodCidr`].
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub selector: Option<LabelSelector>,
    /// Attributes that the routes get beside the usual ones. Absent: none.
    pub attributes: Option<BgpAttributes>,
}

/// What announced routes lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum BgpAdvertisementType {
    /// The node's own block of pod addresses.
    #[arm(rename = "PodCIDR")]
    PodCidr,
    /// Blocks that the node got from `CiliumPodIPPool`s.
    #[arm(rename = "CiliumPodIPPool")]
    CiliumPodIpPool,
    /// Addresses of Services.
    Service,
}
