//! The one list of kinds, and the definitions that are made from it.

use crd_core::Family;

use crate::{v2, v2alpha1};

/// All kinds of Cilium 1.19, by plural name, with all served versions.
#[inline]
pub fn family() -> Family {
    Family::new("cilium")
        .kind::<v2::CiliumBgpAdvertisement>()
        .kind::<v2::CiliumBgpClusterConfig>()
        .kind::<v2::CiliumBgpNodeConfigOverride>()
        .kind::<v2::CiliumBgpNodeConfig>()
        .kind::<v2::CiliumBgpPeerConfig>()
        .kind::<v2::CiliumCidrGroup>()
        .kind::<v2::CiliumClusterwideEnvoyConfig>()
        .kind::<v2::CiliumClusterwideNetworkPolicy>()
        .kind::<v2::CiliumEgressGatewayPolicy>()
        .kind::<v2::CiliumEndpoint>()
        .kind::<v2alpha1::CiliumEndpointSlice>()
        .kind::<v2::CiliumEnvoyConfig>()
        .kind::<v2alpha1::CiliumGatewayClassConfig>()
        .kind::<v2::CiliumIdentity>()
        .kind::<v2alpha1::CiliumL2AnnouncementPolicy>()
        .kind::<v2::CiliumLoadBalancerIpPool>()
        .kind::<v2::CiliumLocalRedirectPolicy>()
        .kind::<v2::CiliumNetworkPolicy>()
        .kind::<v2::CiliumNodeConfig>()
        .kind::<v2::CiliumNode>()
        .kind::<v2alpha1::CiliumPodIpPool>()
}

#[cfg(feature = "schema")]
crd_core::family_crds!();
