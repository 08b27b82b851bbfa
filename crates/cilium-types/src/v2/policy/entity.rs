//! Peers that are no single endpoint.

use crd_core::StringEnum;

/// A class of peers that Cilium knows without labels or addresses.
///
/// <https://docs.cilium.io/en/stable/security/policy/layer3/#entities-based>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ["all", "world", "cluster", "host", "init", "ingress", "unmanaged", "remote-node", "health", "none", "kube-apiserver"]))]
#[string_enum(rename_all = "kebab-case")]
pub enum Entity {
    /// Every peer, in the cluster and outside of it.
    All,
    /// Every address outside of the cluster: the same as the block `0.0.0.0/0` plus `::/0`.
    World,
    /// Every endpoint of the cluster, its hosts and the entities init, unmanaged, health
    /// and ingress included.
    Cluster,
    /// The node that the endpoint runs on, with the containers on its network.
    Host,
    /// Endpoints whose labels are not known yet, while they start.
    Init,
    /// Cilium's own Envoy in its role as ingress or gateway.
    Ingress,
    /// Pods that Cilium does not manage.
    Unmanaged,
    /// Every node but the endpoint's own, of this cluster and of connected ones.
    RemoteNode,
    /// Cilium's health probes.
    Health,
    /// Nobody: matches no peer.
    None,
    /// The Kubernetes API server, wherever it runs.
    KubeApiserver,
    /// A text that this version of the types does not know.
    Other(String),
}
