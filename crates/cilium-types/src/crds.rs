//! CustomResourceDefinitions of all kinds.

use crd_core::crd::{Crd, CustomResourceDefinition, Definition};

use crate::{v2, v2alpha1};

/// The CustomResourceDefinitions of Cilium 1.19, by plural name, with all served versions.
pub fn crds() -> Vec<CustomResourceDefinition> {
    definitions().iter().map(Definition::build).collect()
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
pub fn definitions() -> Vec<Definition> {
    vec![
        Crd::of::<v2::CiliumBgpAdvertisement>()
            .version::<v2alpha1::CiliumBgpAdvertisement>()
            .definition(),
        Crd::of::<v2::CiliumBgpClusterConfig>()
            .version::<v2alpha1::CiliumBgpClusterConfig>()
            .definition(),
        Crd::of::<v2::CiliumBgpNodeConfigOverride>()
            .version::<v2alpha1::CiliumBgpNodeConfigOverride>()
            .definition(),
        Crd::of::<v2::CiliumBgpNodeConfig>()
            .version::<v2alpha1::CiliumBgpNodeConfig>()
            .definition(),
        Crd::of::<v2::CiliumBgpPeerConfig>()
            .version::<v2alpha1::CiliumBgpPeerConfig>()
            .definition(),
        Crd::of::<v2::CiliumCidrGroup>()
            .version::<v2alpha1::CiliumCidrGroup>()
            .definition(),
        Crd::of::<v2::CiliumClusterwideEnvoyConfig>().definition(),
        Crd::of::<v2::CiliumClusterwideNetworkPolicy>().definition(),
        Crd::of::<v2::CiliumEgressGatewayPolicy>().definition(),
        Crd::of::<v2::CiliumEndpoint>().definition(),
        Crd::of::<v2alpha1::CiliumEndpointSlice>().definition(),
        Crd::of::<v2::CiliumEnvoyConfig>().definition(),
        Crd::of::<v2alpha1::CiliumGatewayClassConfig>().definition(),
        Crd::of::<v2::CiliumIdentity>().definition(),
        Crd::of::<v2alpha1::CiliumL2AnnouncementPolicy>().definition(),
        Crd::of::<v2::CiliumLoadBalancerIpPool>()
            .version::<v2alpha1::CiliumLoadBalancerIpPool>()
            .definition(),
        Crd::of::<v2::CiliumLocalRedirectPolicy>().definition(),
        Crd::of::<v2::CiliumNetworkPolicy>().definition(),
        Crd::of::<v2::CiliumNodeConfig>()
            .version::<v2alpha1::CiliumNodeConfig>()
            .definition(),
        Crd::of::<v2::CiliumNode>().definition(),
        Crd::of::<v2alpha1::CiliumPodIpPool>().definition(),
    ]
}
