//! CustomResourceDefinitions of all kinds.

use crd_core::crd::{Crd, CustomResourceDefinition};

use crate::{v2, v2alpha1};

/// The CustomResourceDefinitions of Cilium 1.19, by plural name, with all served versions.
pub fn crds() -> Vec<CustomResourceDefinition> {
    vec![
        Crd::of::<v2::CiliumBgpAdvertisement>()
            .version::<v2alpha1::CiliumBgpAdvertisement>()
            .build(),
        Crd::of::<v2::CiliumBgpClusterConfig>()
            .version::<v2alpha1::CiliumBgpClusterConfig>()
            .build(),
        Crd::of::<v2::CiliumBgpNodeConfigOverride>()
            .version::<v2alpha1::CiliumBgpNodeConfigOverride>()
            .build(),
        Crd::of::<v2::CiliumBgpNodeConfig>()
            .version::<v2alpha1::CiliumBgpNodeConfig>()
            .build(),
        Crd::of::<v2::CiliumBgpPeerConfig>()
            .version::<v2alpha1::CiliumBgpPeerConfig>()
            .build(),
        Crd::of::<v2::CiliumCidrGroup>()
            .version::<v2alpha1::CiliumCidrGroup>()
            .build(),
        v2::CiliumClusterwideEnvoyConfig::crd(),
        v2::CiliumClusterwideNetworkPolicy::crd(),
        v2::CiliumEgressGatewayPolicy::crd(),
        v2::CiliumEndpoint::crd(),
        v2alpha1::CiliumEndpointSlice::crd(),
        v2::CiliumEnvoyConfig::crd(),
        v2alpha1::CiliumGatewayClassConfig::crd(),
        v2::CiliumIdentity::crd(),
        v2alpha1::CiliumL2AnnouncementPolicy::crd(),
        Crd::of::<v2::CiliumLoadBalancerIpPool>()
            .version::<v2alpha1::CiliumLoadBalancerIpPool>()
            .build(),
        v2::CiliumLocalRedirectPolicy::crd(),
        v2::CiliumNetworkPolicy::crd(),
        Crd::of::<v2::CiliumNodeConfig>()
            .version::<v2alpha1::CiliumNodeConfig>()
            .build(),
        v2::CiliumNode::crd(),
        v2alpha1::CiliumPodIpPool::crd(),
    ]
}
