//! Kinds whose older version has the schema of the newer: they share its types.

use crate::v2;

crd_core::resource! {
    /// What the node of this name does otherwise than the cluster's BGP configuration says.
    /// Deprecated: write [`v2::CiliumBgpNodeConfigOverride`].
    ///
    /// <https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-configuration-override>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumBGPNodeConfigOverride",
        plural = "ciliumbgpnodeconfigoverrides", scope = Cluster,
        short_names = ["cbgpnodeoverride"],
        categories = ["cilium", "ciliumbgp"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        deprecated = true,
    )]
    pub struct CiliumBgpNodeConfigOverride {
        /// The differences.
        pub spec: v2::CiliumBgpNodeConfigOverrideSpec,
    }
}

crd_core::resource! {
    /// Blocks of addresses outside of the cluster under one name. Deprecated: write
    /// [`v2::CiliumCidrGroup`].
    ///
    /// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumcidrgroup/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumCIDRGroup",
        plural = "ciliumcidrgroups", scope = Cluster,
        short_names = ["ccg"],
        categories = ["cilium"],
        deprecated = true,
    )]
    pub struct CiliumCidrGroup {
        /// The blocks.
        pub spec: v2::CiliumCidrGroupSpec,
    }
}

crd_core::resource! {
    /// Addresses that Services of type LoadBalancer are given. Deprecated: write
    /// [`v2::CiliumLoadBalancerIpPool`].
    ///
    /// <https://docs.cilium.io/en/stable/network/lb-ipam/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumLoadBalancerIPPool",
        plural = "ciliumloadbalancerippools", scope = Cluster,
        short_names = ["ippools", "ippool", "lbippool", "lbippools"],
        categories = ["cilium"],
        status_subresource = true,
        printer_columns = [
            ("Disabled", "boolean", ".spec.disabled"),
            ("Conflicting", "string", ".status.conditions[?(@.type==\"cilium.io/PoolConflict\")].status"),
            ("IPs Available", "string", ".status.conditions[?(@.type==\"cilium.io/IPsAvailable\")].message"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
        deprecated = true,
    )]
    pub struct CiliumLoadBalancerIpPool {
        /// The addresses, and which Services get them.
        pub spec: v2::CiliumLoadBalancerIpPoolSpec,
        /// What the operator made of the pool.
        pub status: Option<v2::CiliumLoadBalancerIpPoolStatus>,
    }
}

crd_core::resource! {
    /// Settings of the agent on some nodes. Deprecated: write [`v2::CiliumNodeConfig`].
    ///
    /// <https://docs.cilium.io/en/stable/configuration/per-node-config/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumNodeConfig",
        plural = "ciliumnodeconfigs", scope = Namespaced,
        categories = ["cilium"],
        deprecated = "cilium.io/v2alpha1 CiliumNodeConfig is deprecated; write cilium.io/v2",
    )]
    pub struct CiliumNodeConfig {
        /// The settings, and which nodes they are for.
        pub spec: v2::CiliumNodeConfigSpec,
    }
}
