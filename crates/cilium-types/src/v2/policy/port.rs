//! Ports, and what is demanded of the traffic on them.

use std::fmt;

use crd_core::{Object, StringEnum};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fqdn::FqdnSelector;
use super::l7::{L7Rules, PortRuleHttp};
use super::tls::TlsContext;

/// Ports that are open, and what is demanded of the traffic on them.
///
/// ```
/// use cilium_types::v2::{PortRule, PortRuleHttp};
///
/// let web = PortRule::tcp(80).http([PortRuleHttp::get("/status/.*"), PortRuleHttp::get("/get")]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PortRule {
    /// The ports, at most 40; one of them is enough. Absent and `[]` are the same: **no** port,
    /// the entry lets nothing through. For every port, name port 0.
    #[schemars(length(max = 40))]
    pub ports: Option<Vec<PortProtocol>>,
    /// TLS towards the side that opened the connection: the proxy shows these certificates
    /// and reads what comes. Absent: TLS is passed on as it is.
    #[field(rename = "terminatingTLS")]
    pub terminating_tls: Option<TlsContext>,
    /// TLS towards the side that is called: the proxy begins a connection of its own, with
    /// these certificates. Absent: no TLS is begun.
    #[field(rename = "originatingTLS")]
    pub originating_tls: Option<TlsContext>,
    /// Server names (SNI) one of which the TLS handshake must ask for. Each at most 255
    /// characters; `*.` in front is one label, `**.` one or more. Absent: TLS is no demand.
    /// An empty list is refused by the server.
    #[schemars(
        length(min = 1),
        extend("x-kubernetes-list-type" = "set"),
        inner(length(max = 255), regex(pattern = r"^(\*?\*\.)?([-a-zA-Z0-9_]+\.?)+$"))
    )]
    pub server_names: Option<Vec<String>>,
    /// Envoy listener of one's own that gets the traffic; egress only, and not with `rules`.
    /// Absent: Cilium's own, if one is needed at all.
    pub listener: Option<Listener>,
    /// Requests that are let through. Absent: traffic is not read, only its port counts.
    pub rules: Option<L7Rules>,
}

impl PortRule {
    /// One TCP port.
    pub fn tcp(port: u16) -> Self {
        Self::on([PortProtocol::tcp(port)])
    }

    /// One UDP port.
    pub fn udp(port: u16) -> Self {
        Self::on([PortProtocol::udp(port)])
    }

    /// One port, with each protocol that has ports.
    pub fn any(port: u16) -> Self {
        Self::on([PortProtocol::new(Port::Number(port), L4Proto::Any)])
    }

    /// Several ports, or ports by name: `PortRule::on([PortProtocol::named("http")])`.
    pub fn on(ports: impl IntoIterator<Item = PortProtocol>) -> Self {
        Self {
            ports: Some(ports.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Lets only these HTTP requests through, instead of everything on the ports.
    #[must_use]
    pub fn http(self, requests: impl IntoIterator<Item = PortRuleHttp>) -> Self {
        Self {
            rules: Some(L7Rules::Http(requests.into_iter().collect())),
            ..self
        }
    }

    /// Lets only these DNS lookups through, instead of everything on the ports.
    #[must_use]
    pub fn dns(self, lookups: impl IntoIterator<Item = FqdnSelector>) -> Self {
        Self {
            rules: Some(L7Rules::Dns(lookups.into_iter().collect())),
            ..self
        }
    }
}

/// Ports that are denied. A denied port cannot depend on requests:
///
/// ```compile_fail,E0599
/// # use cilium_types::v2::{PortDenyRule, PortRuleHttp};
/// let closed = PortDenyRule::tcp(80).http([PortRuleHttp::get("/")]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PortDenyRule {
    /// The ports; one of them is enough. Absent and `[]` are the same: **no** port, the entry
    /// denies nothing. For every port, name port 0.
    pub ports: Option<Vec<PortProtocol>>,
}

impl PortDenyRule {
    /// One TCP port.
    pub fn tcp(port: u16) -> Self {
        Self::on([PortProtocol::tcp(port)])
    }

    /// One UDP port.
    pub fn udp(port: u16) -> Self {
        Self::on([PortProtocol::udp(port)])
    }

    /// Several ports, or ports by name.
    pub fn on(ports: impl IntoIterator<Item = PortProtocol>) -> Self {
        Self {
            ports: Some(ports.into_iter().collect()),
        }
    }
}

/// A port, or a range of ports, of one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PortProtocol {
    /// The port, or the first one of a range. `0` is every port of the protocol. The server
    /// allows it to be absent, the agent does not.
    pub port: Option<Port>,
    /// Last port of a range, included; 0 to 65535. Absent and 0: the one port.
    #[schemars(range(min = 0, max = 65535))]
    pub end_port: Option<i32>,
    /// Absent is [`L4Proto::Any`].
    pub protocol: Option<L4Proto>,
}

impl PortProtocol {
    /// A port of a protocol.
    pub fn new(port: Port, protocol: L4Proto) -> Self {
        Self {
            port: Some(port),
            end_port: None,
            protocol: Some(protocol),
        }
    }

    /// A TCP port.
    pub fn tcp(port: u16) -> Self {
        Self::new(Port::Number(port), L4Proto::Tcp)
    }

    /// A UDP port.
    pub fn udp(port: u16) -> Self {
        Self::new(Port::Number(port), L4Proto::Udp)
    }

    /// A TCP port by its name in the pod.
    pub fn named(name: &str) -> Self {
        Self::new(Port::from(name), L4Proto::Tcp)
    }

    /// Makes it a range that ends with this port.
    #[must_use]
    pub fn to(self, last: u16) -> Self {
        Self {
            end_port: Some(i32::from(last)),
            ..self
        }
    }
}

/// A port by number or by name. In a manifest both are text: `port: "80"`; a bare `80` is
/// refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Port {
    /// 0 to 65535; 0 is every port.
    Number(u16),
    /// Name of a port of the container, or of the Service: `http`, `http-8080`. A number in
    /// another spelling (`0080`) also stands here.
    Name(String),
}

impl From<u16> for Port {
    fn from(number: u16) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Port {
    fn from(text: &str) -> Self {
        match text.parse::<u16>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            _ => Self::Name(text.to_owned()),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Serialize for Port {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl serde::de::Visitor<'_> for Text {
            type Value = Port;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a port as a string, such as \"80\" or \"http\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Port, E> {
                Ok(Port::from(text))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

crd_core::if_schema! {
impl crd_core::schema::JsonSchema for Port {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Port".into()
    }

    fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        crd_core::schema::json_schema!({
            "type": "string",
            "pattern": concat!(
                "^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})",
                "|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$",
            ),
        })
    }
}
}

/// A protocol above IP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ["TCP", "UDP", "SCTP", "VRRP", "IGMP", "ANY"]))]
#[string_enum(rename_all = "UPPERCASE")]
pub enum L4Proto {
    /// TCP, the protocol of HTTP and gRPC.
    Tcp,
    /// UDP, the protocol of DNS and QUIC.
    Udp,
    /// SCTP; Cilium must have it switched on.
    Sctp,
    /// VRRP, which has no ports; the port must be 0.
    Vrrp,
    /// IGMP, which has no ports; the port must be 0.
    Igmp,
    /// TCP, UDP and SCTP.
    Any,
    /// A text that this version of the types does not know.
    Other(String),
}

/// An Envoy listener of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Listener {
    /// The object that defines the listener.
    pub envoy_config: EnvoyConfig,
    /// Name of the listener in that object. Not empty.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Which listener wins where several rules name one for the same traffic: 1 (wins) to
    /// 100. Absent leaves it to Cilium.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 1, max = 100))]
    pub priority: Option<u8>,
}

/// The `CiliumEnvoyConfig` or `CiliumClusterwideEnvoyConfig` that defines a listener.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EnvoyConfig {
    /// Absent is the namespaced kind in a namespaced policy, and the clusterwide kind in a
    /// clusterwide one, which cannot name the other.
    pub kind: Option<EnvoyConfigKind>,
    /// Name of the object. Not empty.
    #[schemars(length(min = 1))]
    pub name: String,
}

/// Kind of an [`EnvoyConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum EnvoyConfigKind {
    /// Of the policy's namespace.
    CiliumEnvoyConfig,
    /// Of the whole cluster.
    CiliumClusterwideEnvoyConfig,
}
