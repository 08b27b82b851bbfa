//! Cilium.

use super::{name, object, table};

table! { CILIUM:
    "cilium.io" ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"] {
        "spec.ingress[].fromCIDRSet[].cidrGroupRef" => name("cilium.io", "CiliumCIDRGroup"), Policy;
        "spec.ingressDeny[].fromCIDRSet[].cidrGroupRef" => name("cilium.io", "CiliumCIDRGroup"), Policy;
        "spec.egress[].toCIDRSet[].cidrGroupRef" => name("cilium.io", "CiliumCIDRGroup"), Policy;
        "spec.egressDeny[].toCIDRSet[].cidrGroupRef" => name("cilium.io", "CiliumCIDRGroup"), Policy;
    }
    "cilium.io" ["CiliumEnvoyConfig"] {
        "spec.services[]" => object("", "Service"), Backend;
        "spec.backendServices[]" => object("", "Service"), Backend;
    }
    "cilium.io" ["CiliumLocalRedirectPolicy"] {
        "spec.redirectFrontend.serviceMatcher.serviceName" => name("", "Service"), Backend;
    }
    "cilium.io" ["CiliumBGPClusterConfig"] {
        "spec.bgpInstances[].peers[].peerConfigRef" => object("cilium.io", "CiliumBGPPeerConfig"), Settings;
    }
}
