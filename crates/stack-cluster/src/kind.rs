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
    /// `kind.x-k8s.io/v1alpha4`, the only version that kind reads.
    pub api_version: String,
    /// `Cluster`, the only kind of configuration there is.
    pub kind: String,
    /// The cluster's name; node names begin with it.
    pub name: String,
    /// Feature gates of Kubernetes, switched on all nodes and the control plane's programs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub feature_gates: BTreeMap<String, bool>,
    /// API groups, versions or resources to serve or not: `api/alpha: "true"`. The server's `--runtime-config`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub runtime_config: BTreeMap<String, String>,
    /// Address ranges, CNI and kube-proxy of the whole cluster.
    pub networking: Networking,
    /// One entry per node, control planes first. kind names them by role and place.
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
    /// Pods and Services have IPv4 addresses only.
    Ipv4,
    /// Pods and Services have IPv6 addresses only.
    Ipv6,
    /// Pods have an address of each family; Services ask for what they need.
    Dual,
}

/// By which means nodes lead a Service's address to its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KubeProxyMode {
    /// kube-proxy with rules of iptables; kind's default.
    Iptables,
    /// kube-proxy with the kernel's load balancer IPVS; out of favour upstream.
    Ipvs,
    /// kube-proxy with rules of nftables, from Kubernetes 1.31.
    Nftables,
    /// No kube-proxy at all: the CNI does its work.
    None,
}

/// One node of a kind cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Whether the node runs the control plane.
    pub role: NodeRole,
    /// Its image; kind's default where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Labels that the kubelet gives its Node object, beside those that kind sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Ports of the node that the container engine publishes on the machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_port_mappings: Vec<PortMapping>,
    /// Folders of the machine in the node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_mounts: Vec<Mount>,
    /// Patches of kubeadm's configuration on this node, YAML.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kubeadm_config_patches: Vec<String>,
}

/// The role of a node. Workloads may run on both where there is no worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRole {
    /// Runs API server, etcd, scheduler and controllers. With more than one kind adds a load balancer.
    ControlPlane,
    /// Runs pods of the stack only.
    Worker,
}

/// A port of a node, published on the machine on which kind runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortMapping {
    /// The port of the node: a node port of a Service.
    pub container_port: u16,
    /// The port on the machine; must be free when the cluster is made. 0 takes any.
    pub host_port: u16,
    /// The address of the machine. Default: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen_address: Option<String>,
    /// What is forwarded; one protocol per entry.
    pub protocol: PortProtocol,
}

/// The protocol of a published port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PortProtocol {
    /// TCP, also for HTTP up to version 2.
    Tcp,
    /// UDP, for DNS and HTTP/3.
    Udp,
    /// SCTP, where the container engine can forward it.
    Sctp,
}

/// A folder or file of the machine in a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mount {
    /// Path on the machine, absolute or relative to where kind is called.
    pub host_path: String,
    /// Absolute path inside the node, where a pod's hostPath finds it.
    pub container_path: String,
    /// Whether the node may not write it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}
