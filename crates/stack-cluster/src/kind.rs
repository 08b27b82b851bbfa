//! kind's configuration: a cluster in containers, on one machine.
//!
//! See <https://kind.sigs.k8s.io/docs/user/configuration/>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// kind's cluster configuration, `kind.x-k8s.io/v1alpha4`.
///
/// See <https://kind.sigs.k8s.io/docs/user/configuration/>.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Always `kind.x-k8s.io/v1alpha4`.
    pub api_version: String,
    /// Always `Cluster`.
    pub kind: String,
    /// The cluster's name; node names begin with it.
    pub name: String,
    /// The API server's feature gates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub feature_gates: BTreeMap<String, bool>,
    /// The API server's `--runtime-config`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub runtime_config: BTreeMap<String, String>,
    /// Networking of the whole cluster.
    pub networking: Networking,
    /// The nodes, control planes first.
    pub nodes: Vec<Node>,
    /// Patches of kubeadm's configuration on all nodes, YAML.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kubeadm_config_patches: Vec<String>,
    /// Patches of containerd's configuration on all nodes, TOML.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containerd_config_patches: Vec<String>,
}

/// Networking of a kind cluster. What is absent is kind's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Networking {
    /// The addresses in use. Default: IPv4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_family: Option<IpFamily>,
    /// The address on which the API server is published. Default: 127.0.0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_server_address: Option<String>,
    /// The port on which the API server is published. Default: one that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_server_port: Option<u16>,
    /// The addresses of pods. Default: 10.244.0.0/16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_subnet: Option<String>,
    /// The addresses of Services. Default: 10.96.0.0/16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_subnet: Option<String>,
    /// Leave out kind's own CNI, kindnet.
    #[serde(rename = "disableDefaultCNI")]
    pub disable_default_cni: bool,
    /// How Services are implemented. Default: iptables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kube_proxy_mode: Option<KubeProxyMode>,
    /// DNS search domains of the nodes. Absent: those of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_search: Option<Vec<String>>,
}

/// The address families of a kind cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IpFamily {
    /// IPv4 only.
    Ipv4,
    /// IPv6 only.
    Ipv6,
    /// Both.
    Dual,
}

/// How Services are implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KubeProxyMode {
    /// kube-proxy with iptables rules.
    Iptables,
    /// kube-proxy with IPVS.
    Ipvs,
    /// kube-proxy with nftables.
    Nftables,
    /// No kube-proxy at all: the CNI does its work.
    None,
}

/// One node of a kind cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// What it is for.
    pub role: NodeRole,
    /// Its image; kind's default where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Labels of the Kubernetes node.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Ports published on the machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_port_mappings: Vec<PortMapping>,
    /// Folders of the machine in the node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_mounts: Vec<Mount>,
    /// Patches of kubeadm's configuration on this node, YAML.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kubeadm_config_patches: Vec<String>,
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRole {
    /// It runs the control plane.
    ControlPlane,
    /// It runs workloads only.
    Worker,
}

/// A port of a node, published on the machine on which kind runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortMapping {
    /// The port of the node: a node port of a Service.
    pub container_port: u16,
    /// The port of the machine.
    pub host_port: u16,
    /// The address of the machine. Default: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen_address: Option<String>,
    /// The protocol.
    pub protocol: PortProtocol,
}

/// The protocol of a published port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PortProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A folder or file of the machine in a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mount {
    /// The path on the machine.
    pub host_path: String,
    /// The path in the node.
    pub container_path: String,
    /// Whether the node may not write it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}
