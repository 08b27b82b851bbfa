//! Peers that are no single endpoint.

crd_core::string_enum! {
    /// A class of peers that Cilium knows without labels or addresses.
    ///
    /// <https://docs.cilium.io/en/stable/security/policy/layer3/#entities-based>
    #[open]
    #[schemars(extend("enum" = ["all", "world", "cluster", "host", "init", "ingress", "unmanaged", "remote-node", "health", "none", "kube-apiserver"]))]
    pub enum Entity {
        /// Every peer, in the cluster and outside of it.
        All = "all",
        /// Every address outside of the cluster: the same as the block `0.0.0.0/0` plus `::/0`.
        World = "world",
        /// Every endpoint of the cluster, its hosts and the entities init, unmanaged, health
        /// and ingress included.
        Cluster = "cluster",
        /// The node that the endpoint runs on, with the containers on its network.
        Host = "host",
        /// Endpoints whose labels are not known yet, while they start.
        Init = "init",
        /// Cilium's own Envoy in its role as ingress or gateway.
        Ingress = "ingress",
        /// Pods that Cilium does not manage.
        Unmanaged = "unmanaged",
        /// Every node but the endpoint's own, of this cluster and of connected ones.
        RemoteNode = "remote-node",
        /// Cilium's health probes.
        Health = "health",
        /// Nobody.
        None = "none",
        /// The Kubernetes API server, wherever it runs.
        KubeApiserver = "kube-apiserver",
    }
}
