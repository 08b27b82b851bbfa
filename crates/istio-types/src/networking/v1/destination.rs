//! Where traffic goes: hosts, ports, subsets.

use crate::number::Double;
use crd_core::{Object, StringEnum};

/// A service, or a subset of it, that traffic is sent to.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Destination {
    /// Name of a service in the platform's registry or of a ServiceEntry host.
    ///
    /// A short name is completed with the namespace of the object that holds it, not of the
    /// service; full names avoid the surprise.
    pub host: String,

    /// Name of a subset that a DestinationRule for the host defines. Left out, the whole service.
    pub subset: Option<String>,

    /// Port of the service. May be left out where the service has a single port.
    pub port: Option<PortSelector>,
}

impl Destination {
    /// All of the service `host`.
    pub fn host(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            subset: None,
            port: None,
        }
    }

    /// Only the subset `name` of it.
    #[must_use]
    pub fn subset(mut self, name: impl Into<String>) -> Self {
        self.subset = Some(name.into());
        self
    }

    /// Its port `number`.
    #[must_use]
    pub fn port(mut self, number: u32) -> Self {
        self.port = Some(number.into());
        self
    }
}

/// A port of a service, by number.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PortSelector {
    /// The number; Istio's webhook demands 1 to 65535.
    #[schemars(extend("maximum" = u32::MAX))]
    pub number: Option<u32>,
}

impl From<u32> for PortSelector {
    fn from(number: u32) -> Self {
        Self {
            number: Some(number),
        }
    }
}

/// A share of the traffic, in percent.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Percent {
    /// 0.0 to 100.0, of which 0.0001 is the smallest step that counts. Left out, 0.
    pub value: Option<Double>,
}

impl Percent {
    /// `value` percent.
    pub fn new(value: impl Into<Double>) -> Self {
        Self {
            value: Some(value.into()),
        }
    }
}

impl From<i32> for Percent {
    fn from(value: i32) -> Self {
        Self::new(value)
    }
}

impl From<u32> for Percent {
    fn from(value: u32) -> Self {
        Self::new(value)
    }
}

/// The port of a [`Gateway`](super::Gateway)'s server.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Port {
    /// The number that the gateway listens on, 1 to 65535.
    #[schemars(extend("maximum" = u32::MAX))]
    pub number: u32,

    /// The protocol that is spoken on the port; decides which routes apply.
    pub protocol: Protocol,

    /// A label for the port; unique in the Gateway.
    pub name: String,

    /// Reserved for ServiceEntry; without effect here.
    #[schemars(extend("maximum" = u32::MAX))]
    pub target_port: Option<u32>,
}

impl Port {
    /// The port `number`, on which `protocol` is spoken, under the label `name`.
    pub fn new(number: u32, protocol: Protocol, name: impl Into<String>) -> Self {
        Self {
            number,
            protocol,
            name: name.into(),
            target_port: None,
        }
    }
}

/// The port of a [`Sidecar`](super::Sidecar)'s listener.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SidecarPort {
    /// The number, 1 to 65535.
    #[schemars(extend("maximum" = u32::MAX))]
    pub number: Option<u32>,

    /// The protocol that is spoken on the port; decides which routes apply.
    pub protocol: Option<Protocol>,

    /// A name for the port, unique within the object; references may use it.
    pub name: Option<String>,

    /// Without effect; use `default_endpoint` of the listener.
    #[schemars(extend("maximum" = u32::MAX))]
    pub target_port: Option<u32>,
}

/// What is spoken on a port. Istio does not look at case, so that `http` means [`Protocol::Http`] too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Protocol {
    /// HTTP/1.1 in plain text.
    #[arm(rename = "HTTP")]
    Http,
    /// HTTP over TLS, which a proxy passes on as it is unless it ends TLS itself.
    #[arm(rename = "HTTPS")]
    Https,
    /// gRPC in plain text.
    #[arm(rename = "GRPC")]
    Grpc,
    /// gRPC as browsers speak it, in plain text.
    #[arm(rename = "GRPC-WEB")]
    GrpcWeb,
    /// HTTP/2 in plain text.
    #[arm(rename = "HTTP2")]
    Http2,
    /// The protocol of MongoDB.
    #[arm(rename = "MONGO")]
    Mongo,
    /// Any bytes; nothing is understood of them.
    #[arm(rename = "TCP")]
    Tcp,
    /// TLS, routed by its server name.
    #[arm(rename = "TLS")]
    Tls,
    /// A text that this version of the types does not know.
    Other(String),
}
