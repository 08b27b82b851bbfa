//! A question: may this client open that connection, or send that request?

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::Protocol;
use crate::address::Block;

/// Where a flow starts or ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Place {
    /// A workload, or a Pod, by namespace and name. As a destination: straight to the address of its pod.
    Workload(Name),
    /// A Service, by its cluster address or its name; the port of the flow is then the Service's.
    Service {
        /// Which one.
        service: Name,
    },
    /// An address: of a node, a pod or a Service if one has it, else outside of the cluster.
    Ip {
        /// The address.
        ip: IpAddr,
    },
    /// Something that has no address here.
    Entity {
        /// The class of callers or callees that is meant.
        entity: Entity,
        /// Which node, where the entity is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        node: Option<String>,
    },
    /// A port of the machine on which a kind cluster runs. Only as a destination.
    HostPort {
        /// The port of the machine.
        host_port: u16,
    },
    /// Pods by their labels: the answer is that of all of them, or depends on which one is meant.
    Pods {
        /// Where they are, and which labels they have.
        pods: Labelled,
    },
    /// Addresses, of which the same holds.
    Block {
        /// All of them, of one family.
        block: Block,
    },
    /// A name outside of the cluster; its addresses are unknown. Only as a destination.
    Name {
        /// The DNS name.
        name: String,
    },
}

/// Pods of a namespace that have some labels; written `namespace/key=value,key=value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Labelled {
    /// Their namespace; `*` for all.
    pub namespace: String,
    /// The labels that they have, perhaps beside others.
    pub labels: BTreeMap<String, String>,
}

impl Labelled {
    /// Reads `namespace/key=value,key=value`; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (namespace, labels) = text.split_once('/')?;
        let mut all = BTreeMap::new();
        for label in labels.split(',') {
            let (key, value) = label.split_once('=').filter(|(key, _)| !key.is_empty())?;
            all.insert(key.to_owned(), value.to_owned());
        }
        let namespace = namespace.to_owned();
        (!namespace.is_empty()).then_some(Self {
            namespace,
            labels: all,
        })
    }
}

impl fmt::Display for Labelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.namespace)?;
        for (position, (key, value)) in self.labels.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            write!(f, "{comma}{key}={value}")?;
        }
        Ok(())
    }
}

impl Serialize for Labelled {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Labelled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("`{text}` is not `namespace/key=value`"))
        })
    }
}

/// A peer that is no pod and has no fixed address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entity {
    /// Any address outside of the cluster, none in particular: what hangs on the address depends.
    World,
    /// The node of the pod at the other end.
    Host,
    /// A node that is not the one of the pod at the other end.
    RemoteNode,
    /// The API server: on a node of the input that runs it, else nowhere in particular.
    KubeApiserver,
}

/// The place of an object, written `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The namespace that the workload lies in.
    pub namespace: String,
    /// The name, which is unique among the objects of its kind in the namespace.
    pub name: String,
}

impl Name {
    /// Puts both together as they are, without looking at their form.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    /// Reads `namespace/name`; without a slash the namespace is `default`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('/') {
            Some((namespace, name)) => Self::new(namespace, name),
            None => Self::new("default", text),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPlace {
    Text(String),
    Service {
        service: Name,
    },
    Ip {
        ip: IpAddr,
    },
    Entity {
        entity: Entity,
        #[serde(default)]
        node: Option<String>,
    },
    HostPort {
        host_port: u16,
    },
    Name {
        name: String,
    },
    Pods {
        pods: Labelled,
    },
    Block {
        block: Block,
    },
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match RawPlace::deserialize(deserializer)? {
            RawPlace::Text(text) => match (text.parse(), text.parse()) {
                (Ok(ip), _) => Self::Ip { ip },
                (Err(_), Ok(block)) => Self::Block { block },
                (Err(_), Err(_)) => Self::Workload(Name::parse(&text)),
            },
            RawPlace::Pods { pods } => Self::Pods { pods },
            RawPlace::Block { block } => Self::Block { block },
            RawPlace::Service { service } => Self::Service { service },
            RawPlace::Ip { ip } => Self::Ip { ip },
            RawPlace::Entity { entity, node } => Self::Entity { entity, node },
            RawPlace::HostPort { host_port } => Self::HostPort { host_port },
            RawPlace::Name { name } => Self::Name { name },
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload(name) => name.fmt(f),
            Self::Service { service } => write!(f, "service {service}"),
            Self::Ip { ip } => ip.fmt(f),
            Self::Entity { entity, node } => {
                let text = match entity {
                    Entity::World => "the world",
                    Entity::Host => "the node of the pod",
                    Entity::RemoteNode => "another node",
                    Entity::KubeApiserver => "the API server",
                };
                match node {
                    Some(node) => write!(f, "{text} ({node})"),
                    None => f.write_str(text),
                }
            }
            Self::HostPort { host_port } => write!(f, "port {host_port} of the machine"),
            Self::Name { name } => f.write_str(name),
            Self::Pods { pods } => write!(f, "pods {pods}"),
            Self::Block { block } => block.fmt(f),
        }
    }
}

/// A port by number, or by the name that the destination pod gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PortRef {
    /// The number itself; 0 is no port.
    Number(u16),
    /// The name, which may mean another number in every pod.
    Name(String),
}

impl fmt::Display for PortRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// An HTTP request, as far as policies and routes look at it. What is absent is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The method as it is sent; the empty text means `GET`.
    pub method: String,
    /// The path, perhaps with a query; empty for `/`.
    pub path: String,
    /// The host; absent: the name or address by which the client reaches the destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Headers; their names count without case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The server name of the TLS handshake; present means that the client speaks TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni: Option<String>,
}

impl Request {
    /// A request with a method and a path.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            ..Self::default()
        }
    }

    /// The method, with its default.
    pub fn method(&self) -> &str {
        if self.method.is_empty() {
            "GET"
        } else {
            &self.method
        }
    }

    /// The path and the query as they are sent, with the default `/`.
    pub fn target(&self) -> &str {
        if self.path.is_empty() {
            "/"
        } else {
            &self.path
        }
    }

    /// The path up to the query or fragment, as routes and mesh policies compare it.
    pub fn path_only(&self) -> &str {
        let target = self.target();
        target.split(['?', '#']).next().unwrap_or(target)
    }

    /// A header's value, its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// An ICMP message as policies tell them apart: codes below the type do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Icmp {
    /// The message type: 8 is an echo request of IPv4, 128 one of IPv6.
    #[serde(rename = "type")]
    pub message: u8,
    /// Which of the two protocols it belongs to; the same number means another message in each.
    #[serde(default)]
    pub family: IcmpFamily,
}

/// The address family of an ICMP message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IcmpFamily {
    /// The messages of IPv4.
    #[default]
    IPv4,
    /// The messages of IPv6.
    IPv6,
}

/// One question: a new connection, or with [`request`](Flow::request) one HTTP request. Replies need no permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Flow {
    /// The end that opens the connection.
    #[serde(rename = "src")]
    pub from: Place,
    /// The end that is to accept it, or the Service that leads there.
    #[serde(rename = "dst")]
    pub to: Place,
    /// The destination port: a pod's, a Service's, a node's or the machine's. `None` for ICMP.
    #[serde(default)]
    pub port: Option<PortRef>,
    /// The transport protocol. Default: TCP.
    #[serde(default)]
    pub protocol: Protocol,
    /// The request; `None` asks only for the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// The message, where the protocol is ICMP; `None` is an echo request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icmp: Option<Icmp>,
    /// The name that the client looked up to learn the destination's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<String>,
    /// The pod or workload behind a Service or gateway that the question is about; `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<Name>,
    /// Whether it is a probe of the kubelet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub probe: bool,
}

impl Flow {
    /// A bare TCP connection to a port: no request, and an address that nobody looked up.
    pub fn new(from: Place, to: Place, port: u16) -> Self {
        Self {
            from,
            to,
            port: Some(PortRef::Number(port)),
            protocol: Protocol::Tcp,
            request: None,
            icmp: None,
            dns: None,
            backend: None,
            probe: false,
        }
    }

    /// A flow that starts at a workload; to be completed by one of the `to_` functions.
    pub fn from_workload(namespace: impl Into<String>, name: impl Into<String>) -> FlowFrom {
        FlowFrom(Place::Workload(Name::new(namespace, name)))
    }

    /// A flow that starts outside of the cluster.
    pub const fn from_world() -> FlowFrom {
        FlowFrom(Place::Entity {
            entity: Entity::World,
            node: None,
        })
    }

    /// A flow that starts at an address.
    pub const fn from_ip(ip: IpAddr) -> FlowFrom {
        FlowFrom(Place::Ip { ip })
    }

    /// The same flow with another protocol.
    #[must_use]
    pub const fn over(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// The same flow, asking for one HTTP request.
    #[must_use]
    pub fn http(self, method: impl Into<String>, path: impl Into<String>) -> Self {
        self.with_request(Request::new(method, path))
    }

    /// The same flow, asking for one HTTP request.
    #[must_use]
    pub fn with_request(mut self, request: Request) -> Self {
        self.request = Some(request);
        self
    }
}

/// `demo/frontend → service demo/backend port 80 TCP, GET /get`.
impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.from, self.to)?;
        match &self.port {
            Some(port) => write!(f, " port {port} {}", self.protocol)?,
            None => write!(f, " {}", self.protocol)?,
        }
        match &self.request {
            Some(request) => write!(f, ", {} {}", request.method(), request.target()),
            None => Ok(()),
        }
    }
}

/// The source of a flow that still lacks its destination.
#[derive(Clone, Debug)]
pub struct FlowFrom(Place);

impl FlowFrom {
    /// To the address of a workload's pod.
    pub fn to_workload(
        self,
        namespace: impl Into<String>,
        name: impl Into<String>,
        port: u16,
    ) -> Flow {
        Flow::new(self.0, Place::Workload(Name::new(namespace, name)), port)
    }

    /// To a port of a Service, by which the flow reaches any of its pods.
    pub fn to_service(
        self,
        namespace: impl Into<String>,
        name: impl Into<String>,
        port: u16,
    ) -> Flow {
        Flow::new(
            self.0,
            Place::Service {
                service: Name::new(namespace, name),
            },
            port,
        )
    }

    /// To an address: of a pod, a Service or a node where the input has it, else outside of the cluster.
    pub fn to_ip(self, ip: IpAddr, port: u16) -> Flow {
        Flow::new(self.0, Place::Ip { ip }, port)
    }

    /// To anything outside of the cluster.
    pub fn to_world(self, port: u16) -> Flow {
        Flow::new(
            self.0,
            Place::Entity {
                entity: Entity::World,
                node: None,
            },
            port,
        )
    }
}
