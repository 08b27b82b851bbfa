//! Listeners, of Gateways and of ListenerSets.

use std::collections::BTreeMap;

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

use super::SecretObjectReference;

/// A port where traffic comes in, and who may attach routes to it.
///
/// ```
/// use gateway_api::v1::{FromNamespaces, Listener};
///
/// let listener = Listener::https("https", 443, "demo-tls")
///     .hostname("*.demo.local")
///     .routes_from(FromNamespaces::All);
/// assert_eq!(listener.protocol.as_str(), "HTTPS");
/// ```
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Listener {
    /// The name that routes call it by, unique within the object: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: String,
    /// The host names it serves, exact or with a wildcard as first label; all of them if absent. Not for TCP and UDP.
    #[schemars(schema_with = "crate::schema::hostname")]
    pub hostname: Option<String>,
    /// The port, 1 to 65535.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: i32,
    /// The protocol that is spoken on the port; decides which kinds of routes can attach.
    #[schemars(schema_with = "crate::schema::protocol")]
    pub protocol: ProtocolType,
    /// The TLS settings: needed for HTTPS and TLS, forbidden for HTTP, TCP and UDP.
    pub tls: Option<ListenerTlsConfig>,
    /// Which routes may attach; those of the same namespace if absent.
    #[schemars(extend("default" = {"namespaces": {"from": "Same"}}))]
    pub allowed_routes: Option<AllowedRoutes>,
}

impl Listener {
    /// A listener for plain HTTP.
    pub fn http(name: impl Into<String>, port: i32) -> Self {
        Self::new(name, port, ProtocolType::Http)
    }

    /// A listener for HTTPS that ends TLS with the key pair in this Secret of the Gateway's namespace.
    pub fn https(name: impl Into<String>, port: i32, secret: impl Into<String>) -> Self {
        Self {
            tls: Some(ListenerTlsConfig::terminate(SecretObjectReference::secret(
                secret,
            ))),
            ..Self::new(name, port, ProtocolType::Https)
        }
    }

    /// A listener for TLS that hands the encrypted stream on.
    pub fn tls_passthrough(name: impl Into<String>, port: i32) -> Self {
        Self {
            tls: Some(ListenerTlsConfig {
                mode: Some(TlsModeType::Passthrough),
                ..ListenerTlsConfig::default()
            }),
            ..Self::new(name, port, ProtocolType::Tls)
        }
    }

    /// A listener for TCP connections.
    pub fn tcp(name: impl Into<String>, port: i32) -> Self {
        Self::new(name, port, ProtocolType::Tcp)
    }

    /// A listener of any protocol, without TLS settings, for all host names.
    pub fn new(name: impl Into<String>, port: i32, protocol: ProtocolType) -> Self {
        Self {
            name: name.into(),
            hostname: None,
            port,
            protocol,
            tls: None,
            allowed_routes: None,
        }
    }

    /// The same listener for these host names alone.
    #[must_use]
    pub fn hostname(mut self, hostname: impl Into<String>) -> Self {
        self.hostname = Some(hostname.into());
        self
    }

    /// The same listener for routes of these namespaces.
    #[must_use]
    pub fn routes_from(mut self, from: FromNamespaces) -> Self {
        let routes = self.allowed_routes.get_or_insert_default();
        routes.namespaces.get_or_insert_default().from = Some(from);
        self
    }
}

/// What a listener speaks. Implementations may add protocols, named `example.com/protocol`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "UPPERCASE")]
pub enum ProtocolType {
    /// HTTP without TLS; for HTTPRoute and GRPCRoute.
    Http,
    /// HTTP within TLS; for HTTPRoute and GRPCRoute.
    Https,
    /// TLS, ended here or handed on; for TLSRoute (and TCPRoute when ended here).
    Tls,
    /// TCP connections; for TCPRoute.
    Tcp,
    /// UDP packets; for UDPRoute.
    Udp,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How a listener deals with TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::listener_tls()))]
pub struct ListenerTlsConfig {
    /// Whether TLS ends here; it does if absent.
    #[schemars(extend("default" = "Terminate"))]
    pub mode: Option<TlsModeType>,
    /// The key pairs to end TLS with, at most 64; the client's server name chooses. Unused in passthrough.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "atomic"))]
    pub certificate_refs: Vec<SecretObjectReference>,
    /// Settings of the implementation, at most 16, values up to 4096 characters.
    #[schemars(schema_with = "crate::schema::options")]
    pub options: BTreeMap<String, String>,
}

impl ListenerTlsConfig {
    /// TLS ends here, with this key pair.
    pub fn terminate(certificate: SecretObjectReference) -> Self {
        Self {
            mode: Some(TlsModeType::Terminate),
            certificate_refs: vec![certificate],
            options: BTreeMap::new(),
        }
    }
}

/// What becomes of an incoming TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum TlsModeType {
    /// It ends here; what is inside is routed.
    Terminate,
    /// It is handed on as it is, chosen by the server name alone.
    Passthrough,
}

/// Which routes may attach to a listener.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AllowedRoutes {
    /// Of which namespaces; the Gateway's own if absent.
    #[schemars(extend("default" = {"from": "Same"}))]
    pub namespaces: Option<RouteNamespaces>,
    /// Of which kinds, at most 8; those that fit the protocol if empty.
    #[schemars(length(max = 8), extend("x-kubernetes-list-type" = "atomic"))]
    pub kinds: Vec<RouteGroupKind>,
}

/// The namespaces whose routes may attach.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteNamespaces {
    /// Which; the Gateway's own if absent.
    #[schemars(extend("default" = "Same"))]
    pub from: Option<FromNamespaces>,
    /// The labels a namespace must have. Only for `from: Selector`.
    #[schemars(schema_with = "crate::schema::label_selector")]
    pub selector: Option<LabelSelector>,
}

/// Namespaces, seen from the Gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum FromNamespaces {
    /// All namespaces.
    All,
    /// Those that the selector chooses.
    Selector,
    /// The Gateway's own.
    Same,
}

/// A kind of route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct RouteGroupKind {
    /// The API group; `gateway.networking.k8s.io` if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = "gateway.networking.k8s.io"))]
    pub group: Option<String>,
    /// The kind, such as `HTTPRoute`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
}

impl RouteGroupKind {
    /// A kind of the Gateway API itself.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            group: None,
            kind: kind.into(),
        }
    }
}

/// What the controller says of one listener.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListenerStatus {
    /// The name of the listener in the spec, unique within the Gateway.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: String,
    /// The kinds of routes that can attach, at most 8. Kinds that the listener names and the implementation lacks are left out.
    #[schemars(length(max = 8), extend("x-kubernetes-list-type" = "atomic"))]
    pub supported_kinds: Vec<RouteGroupKind>,
    /// How many routes are attached, whether or not they work.
    pub attached_routes: i32,
    /// One condition per type, at most 8; see [`ListenerConditionType`](super::ListenerConditionType).
    #[field(required)]
    #[schemars(schema_with = "crate::schema::conditions", length(max = 8))]
    pub conditions: Vec<Condition>,
}
