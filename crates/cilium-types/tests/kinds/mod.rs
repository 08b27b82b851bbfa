//! All kinds by apiVersion and kind.

use cilium_types::{v2, v2alpha1};
use crd_core::parse::strict;
use serde_json::Value;

/// Reads the document strictly as what it says it is, and writes it.
pub fn reread(document: &Value) -> Result<Value, String> {
    macro_rules! kinds {
        ($($version:ident: $($kind:literal $type:ident),* ;)*) => {
            match (document["apiVersion"].as_str(), document["kind"].as_str()) {
                $($((Some(concat!("cilium.io/", stringify!($version))), Some($kind)) => {
                    let object = strict::<$version::$type>(document).map_err(|error| error.to_string())?;
                    let written = serde_json::to_value(&object).unwrap();
                    assert_eq!(strict(&written).as_ref(), Ok(&object), "what is written is read as the same");
                    Ok(written)
                })*)*
                other => panic!("{other:?} is no kind of Cilium"),
            }
        };
    }
    kinds! {
        v2:
            "CiliumBGPAdvertisement" CiliumBgpAdvertisement,
            "CiliumBGPClusterConfig" CiliumBgpClusterConfig,
            "CiliumBGPNodeConfig" CiliumBgpNodeConfig,
            "CiliumBGPNodeConfigOverride" CiliumBgpNodeConfigOverride,
            "CiliumBGPPeerConfig" CiliumBgpPeerConfig,
            "CiliumCIDRGroup" CiliumCidrGroup,
            "CiliumClusterwideEnvoyConfig" CiliumClusterwideEnvoyConfig,
            "CiliumClusterwideNetworkPolicy" CiliumClusterwideNetworkPolicy,
            "CiliumEgressGatewayPolicy" CiliumEgressGatewayPolicy,
            "CiliumEndpoint" CiliumEndpoint,
            "CiliumEnvoyConfig" CiliumEnvoyConfig,
            "CiliumIdentity" CiliumIdentity,
            "CiliumLoadBalancerIPPool" CiliumLoadBalancerIpPool,
            "CiliumLocalRedirectPolicy" CiliumLocalRedirectPolicy,
            "CiliumNetworkPolicy" CiliumNetworkPolicy,
            "CiliumNode" CiliumNode,
            "CiliumNodeConfig" CiliumNodeConfig;
        v2alpha1:
            "CiliumBGPAdvertisement" CiliumBgpAdvertisement,
            "CiliumBGPClusterConfig" CiliumBgpClusterConfig,
            "CiliumBGPNodeConfig" CiliumBgpNodeConfig,
            "CiliumBGPNodeConfigOverride" CiliumBgpNodeConfigOverride,
            "CiliumBGPPeerConfig" CiliumBgpPeerConfig,
            "CiliumCIDRGroup" CiliumCidrGroup,
            "CiliumEndpointSlice" CiliumEndpointSlice,
            "CiliumGatewayClassConfig" CiliumGatewayClassConfig,
            "CiliumL2AnnouncementPolicy" CiliumL2AnnouncementPolicy,
            "CiliumLoadBalancerIPPool" CiliumLoadBalancerIpPool,
            "CiliumNodeConfig" CiliumNodeConfig,
            "CiliumPodIPPool" CiliumPodIpPool;
    }
}
