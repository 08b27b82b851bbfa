//! What is announced to BGP neighbours: the older version.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use crate::v2::{BgpAttributes, BgpServiceOptions};

crd_core::resource! {
    /// Routes that the nodes announce to their BGP neighbours. Deprecated: write
    /// [`v2::CiliumBgpAdvertisement`](crate::v2::CiliumBgpAdvertisement), which also announces
    /// interfaces.
    ///
    /// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-advertisements>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPAdvertisement",
        plural = "ciliumbgpadvertisements", scope = Cluster,
        short_names = ["cbgpadvert"],
        categories = ["cilium", "ciliumbgp"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        deprecated = true,
    )]
    pub struct CiliumBgpAdvertisement {
        /// The routes.
        pub spec: CiliumBgpAdvertisementSpec,
    }
}

/// Routes to announce.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumBgpAdvertisementSpec {
    /// Each entry adds routes.
    pub advertisements: Vec<BgpAdvertisement>,
}

/// Routes of one kind. Not a union here, since this version lets `service` stand beside any
/// type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [
    {
        "rule": "has(self.service) || self.advertisementType != 'Service'",
        "message": "advertisementType Service demands service",
    },
    {
        "rule": "!has(self.selector) || self.advertisementType != 'PodCIDR'",
        "message": "a PodCIDR advertisement takes no selector",
    },
])))]
#[serde(rename_all = "camelCase")]
pub struct BgpAdvertisement {
    /// What the routes lead to.
    pub advertisement_type: BgpAdvertisementType,
    /// How addresses of Services are announced; must be set for
    /// [`BgpAdvertisementType::Service`], and means nothing to the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<BgpServiceOptions>,
    /// Which objects of that kind are announced. Absent: none of them; the empty selector is
    /// all. Must be absent for [`BgpAdvertisementType::PodCidr`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub selector: Option<LabelSelector>,
    /// Attributes that the routes get beside the usual ones. Absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BgpAttributes>,
}

crd_core::string_enum! {
    /// What announced routes lead to.
    pub enum BgpAdvertisementType {
        /// The node's own block of pod addresses.
        PodCidr = "PodCIDR",
        /// Blocks that the node got from `CiliumPodIPPool`s.
        CiliumPodIpPool = "CiliumPodIPPool",
        /// Addresses of Services.
        Service,
    }
}
