//! Where traffic goes: hosts, ports, subsets.

use serde::{Deserialize, Serialize};

use crate::number::Double;

/// A service, or a subset of it, that traffic is sent to.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// Name of a service in the platform's registry or of a ServiceEntry host.
    ///
    /// A short name is completed with the namespace of the object that holds it, not of the
    /// service; full names avoid the surprise.
    pub host: String,

    /// Name of a subset that a DestinationRule for the host defines. Left out, the whole service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<String>,

    /// Port of the service. May be left out where the service has a single port.
    #[serde(skip_serializing_if = "Option::is_none")]
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
        self.port = Some(PortSelector {
            number: Some(number),
        });
        self
    }
}

/// A port of a service, by number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PortSelector {
    /// The number; Istio's webhook demands 1 to 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub number: Option<u32>,
}

/// A share of the traffic, in percent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Percent {
    /// 0.0 to 100.0, of which 0.0001 is the smallest step that counts. Left out, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The port of a [`Gateway`](super::Gateway)'s server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Port {
    /// The number that the gateway listens on, 1 to 65535.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub number: u32,

    /// What is spoken on it.
    pub protocol: Protocol,

    /// A label for the port; unique in the Gateway.
    pub name: String,

    /// Reserved for ServiceEntry; without effect here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SidecarPort {
    /// The number, 1 to 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub number: Option<u32>,

    /// What is spoken on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,

    /// A label for the port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// Without effect; use `default_endpoint` of the listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub target_port: Option<u32>,
}

crd_core::string_enum! {
    /// What is spoken on a port. Istio does not look at case, so that `http` means [`Protocol::Http`] too.
    #[open]
    pub enum Protocol {
        /// HTTP/1.1 in plain text.
        Http = "HTTP",
        /// HTTP over TLS, which a proxy passes on as it is unless it ends TLS itself.
        Https = "HTTPS",
        /// gRPC in plain text.
        Grpc = "GRPC",
        /// gRPC as browsers speak it, in plain text.
        GrpcWeb = "GRPC-WEB",
        /// HTTP/2 in plain text.
        Http2 = "HTTP2",
        /// The protocol of MongoDB.
        Mongo = "MONGO",
        /// Any bytes.
        Tcp = "TCP",
        /// TLS, routed by its server name.
        Tls = "TLS",
    }
}
