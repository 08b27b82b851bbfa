//! The things that policies look at, as far as they do.

use std::net::IpAddr;

use super::labels::LabelMap;
use crate::Protocol;
use crate::flow::Name;

/// The pods of one workload: policies cannot tell them apart.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) name: Name,
    pub(crate) kind: String,
    pub(crate) labels: LabelMap,
    pub(crate) annotations: LabelMap,
    pub(crate) service_account: String,
    pub(crate) ports: Vec<PodPort>,
    pub(crate) containers: Vec<String>,
    /// The ports that the kubelet probes.
    pub(crate) probes: Vec<u16>,
    pub(crate) host_network: bool,
    /// The node, where one is named.
    pub(crate) node: Option<String>,
    pub(crate) ips: Vec<IpAddr>,
    /// The controller that the object names as its owner: kind and name.
    pub(crate) owner: Option<(String, String)>,
    /// Whether no object of the input runs it: it is there because another object implies it.
    pub(crate) implied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PodPort {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) host_port: Option<u16>,
}

impl Pod {
    /// The number of a named port.
    pub(crate) fn port_named(&self, name: &str, protocol: Protocol) -> Option<u16> {
        self.ports
            .iter()
            .find(|port| port.name.as_deref() == Some(name) && port.protocol == protocol)
            .map(|port| port.port)
    }

    /// `Deployment demo/web`.
    pub(crate) fn object(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) labels: LabelMap,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) control_plane: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) name: Name,
    pub(crate) labels: LabelMap,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) ports: Vec<ServicePort>,
    /// The pods that it selects.
    pub(crate) pods: Vec<usize>,
    pub(crate) has_selector: bool,
    /// Whether it has ports on nodes or a load balancer.
    pub(crate) is_open: bool,
    /// Whether a node sends what comes to its ports to its own pods alone (`externalTrafficPolicy: Local`), and leaves the
    /// client's address as it is.
    pub(crate) stays_on_node: bool,
    pub(crate) external_name: Option<String>,
    /// What EndpointSlices state.
    pub(crate) endpoints: Vec<Endpoint>,
}

impl Service {
    /// Whether it is the one that pods ask for names.
    pub(crate) fn is_dns(&self) -> bool {
        self.name.namespace == "kube-system"
            && matches!(self.name.name.as_str(), "kube-dns" | "coredns")
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ServicePort {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) target: Target,
    pub(crate) node_port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Number(u16),
    Name(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) address: Option<IpAddr>,
    pub(crate) pod: Option<usize>,
    pub(crate) port_name: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) protocol: Protocol,
}

/// A port of the machine that a kind cluster forwards to one of its nodes.
#[derive(Clone, Debug)]
pub(crate) struct HostMapping {
    pub(crate) host_port: u16,
    pub(crate) container_port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) object: String,
    pub(crate) path: String,
}
