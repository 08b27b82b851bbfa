//! Gateway.

use std::collections::BTreeMap;

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

use super::{
    Listener, ListenerStatus, LocalObjectReference, ObjectReference, SecretObjectReference,
};

/// Where traffic enters: addresses, and the listeners on them.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#gateway>.
///
/// ```
/// use gateway_api::v1::{FromNamespaces, Gateway, GatewaySpec, Listener};
///
/// let listener = Listener::http("http", 80).routes_from(FromNamespaces::All);
/// let gateway = Gateway::new("kong-gateway", GatewaySpec::new("kong", [listener])).in_namespace("kong");
/// assert_eq!(gateway.spec.listeners[0].port, 80);
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "Gateway", plural = "gateways", scope = Namespaced,
    short_names = ["gtw"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Class", "string", ".spec.gatewayClassName"),
        ("Address", "string", ".status.addresses[*].value"),
        ("Programmed", "string", ".status.conditions[?(@.type==\"Programmed\")].status"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1beta1"),
)]
pub struct Gateway {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The class, and where and how connections are taken.
    pub spec: GatewaySpec,
    /// Addresses that the Gateway got, and the state of each listener. Controllers write it.
    #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted", "Programmed"])}))]
    pub status: Option<GatewayStatus>,
}

/// What a Gateway listens on, for whom, and by which class of implementation.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewaySpec {
    /// The GatewayClass, by name.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub gateway_class_name: String,
    /// Where traffic comes in: 1 to 64 listeners of different names, no two for the same port, protocol and host names.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 64),
        extend(
            "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"],
            "x-kubernetes-validations" = crate::schema::listeners(),
        ),
    )]
    pub listeners: Vec<Listener>,
    /// The addresses asked for, at most 16; the implementation assigns one if empty.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::addresses()),
    )]
    pub addresses: Vec<GatewaySpecAddress>,
    /// What the objects made for the Gateway (Services, Deployments) carry.
    pub infrastructure: Option<GatewayInfrastructure>,
    /// Which ListenerSets may add listeners; none if absent.
    pub allowed_listeners: Option<AllowedListeners>,
    /// TLS settings of the Gateway as a whole: its own identity, and how it checks clients.
    pub tls: Option<GatewayTlsConfig>,
    /// Which routes without a parent attach to the Gateway; none if absent.
    #[field(experimental)]
    pub default_scope: Option<GatewayDefaultScope>,
}

impl GatewaySpec {
    /// A Gateway of this class with these listeners.
    pub fn new(class: impl Into<String>, listeners: impl IntoIterator<Item = Listener>) -> Self {
        Self {
            gateway_class_name: class.into(),
            listeners: listeners.into_iter().collect(),
            addresses: Vec::new(),
            infrastructure: None,
            allowed_listeners: None,
            tls: None,
            default_scope: None,
        }
    }
}

/// The routes for which a Gateway is the default parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum GatewayDefaultScope {
    /// All routes that ask for default Gateways.
    All,
    /// ListenerSets of no namespace.
    None,
}

/// An address asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend(
    "x-kubernetes-validations" = crate::schema::address(),
    "oneOf" = crate::schema::address_formats(),
))]
pub struct GatewaySpecAddress {
    /// What kind of address; an IP address if absent.
    #[schemars(schema_with = "crate::schema::address_type")]
    pub type_: Option<AddressType>,
    /// The address, at most 253 characters; the implementation chooses one if absent.
    #[schemars(length(max = 253))]
    pub value: Option<String>,
}

impl GatewaySpecAddress {
    /// This IP address.
    pub fn ip(address: impl Into<String>) -> Self {
        Self {
            type_: Some(AddressType::IpAddress),
            value: Some(address.into()),
        }
    }
}

/// Kinds of addresses. Implementations may add kinds, named `example.com/kind`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum AddressType {
    /// An IPv4 or IPv6 address.
    #[arm(rename = "IPAddress")]
    IpAddress,
    /// A DNS name that leads to the Gateway.
    Hostname,
    /// A name that means something to the implementation.
    NamedAddress,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What the objects made for a Gateway carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GatewayInfrastructure {
    /// Their labels, at most 8.
    #[schemars(schema_with = "crate::schema::infrastructure_labels")]
    pub labels: BTreeMap<String, String>,
    /// Their annotations, at most 8, values up to 4096 characters.
    #[schemars(schema_with = "crate::schema::infrastructure_annotations")]
    pub annotations: BTreeMap<String, String>,
    /// Further settings, in an object that the implementation understands.
    pub parameters_ref: Option<LocalObjectReference>,
}

/// Which ListenerSets may add listeners to a Gateway.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AllowedListeners {
    /// Of which namespaces; none if absent.
    #[schemars(extend("default" = {"from": "None"}))]
    pub namespaces: Option<ListenerNamespaces>,
}

/// The namespaces whose ListenerSets may add listeners.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListenerNamespaces {
    /// Which namespaces: all, the Gateway's own, those selected, or none. Absent means none.
    #[schemars(extend("default" = "None"))]
    pub from: Option<ListenersFromNamespaces>,
    /// The labels a namespace must have. Only for `from: Selector`.
    #[schemars(schema_with = "crate::schema::label_selector")]
    pub selector: Option<LabelSelector>,
}

/// Namespaces of ListenerSets, seen from the Gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum ListenersFromNamespaces {
    /// All namespaces.
    All,
    /// Those that the selector chooses.
    Selector,
    /// The Gateway's own.
    Same,
    /// No namespace.
    None,
}

/// TLS settings of a Gateway as a whole.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewayTlsConfig {
    /// How the Gateway presents itself to backends.
    pub backend: Option<GatewayBackendTls>,
    /// How the Gateway checks clients.
    pub frontend: Option<FrontendTlsConfig>,
}

/// How a Gateway presents itself to backends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GatewayBackendTls {
    /// The key pair that it shows backends that ask for one.
    pub client_certificate_ref: Option<SecretObjectReference>,
}

/// How a Gateway checks clients of its HTTPS listeners.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct FrontendTlsConfig {
    /// For all ports that are not in `per_port`.
    pub default: TlsConfig,
    /// For single ports, at most 64, each once.
    #[schemars(
        length(max = 64),
        extend(
            "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["port"],
            "x-kubernetes-validations" = crate::schema::rules(&[(
                "self.all(a, self.exists_one(b, b.port == a.port))",
                "each port is configured once",
            )]),
        ),
    )]
    pub per_port: Vec<TlsPortConfig>,
}

/// How clients of one port are checked.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsPortConfig {
    /// The port, 1 to 65535.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: i32,
    /// How the clients of the port are checked.
    pub tls: TlsConfig,
}

/// How clients are checked.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsConfig {
    /// What their certificates must be; clients need none if absent.
    pub validation: Option<FrontendTlsValidation>,
}

/// What clients' certificates must be.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct FrontendTlsValidation {
    /// Who must have signed them: 1 to 8 objects with CA certificates, any of which will do.
    #[field(required)]
    #[schemars(length(min = 1, max = 8), extend("x-kubernetes-list-type" = "atomic"))]
    pub ca_certificate_refs: Vec<ObjectReference>,
    /// What becomes of clients without a valid certificate; they are refused if absent.
    #[schemars(extend("default" = "AllowValidOnly"))]
    pub mode: Option<FrontendValidationModeType>,
}

/// What becomes of clients without a valid certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum FrontendValidationModeType {
    /// Clients without a valid certificate are refused.
    AllowValidOnly,
    /// They come in nonetheless; backends must decide. Insecure unless they do.
    AllowInsecureFallback,
}

/// What the controller says of a Gateway.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewayStatus {
    /// The addresses it is reached at, at most 16.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub addresses: Vec<GatewayStatusAddress>,
    /// One condition per type, at most 8; see [`GatewayConditionType`](super::GatewayConditionType).
    #[schemars(
        schema_with = "crate::schema::conditions", length(max = 8),
        extend("default" = crate::schema::pending(&["Accepted", "Programmed"])),
    )]
    pub conditions: Vec<Condition>,
    /// The state of each listener, at most 64.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub listeners: Vec<ListenerStatus>,
    /// How many ListenerSets add listeners to it.
    pub attached_listener_sets: Option<i32>,
}

/// An address that a Gateway is reached at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend(
    "x-kubernetes-validations" = crate::schema::address(),
    "oneOf" = crate::schema::address_formats(),
))]
pub struct GatewayStatusAddress {
    /// What kind of address; an IP address if absent.
    #[schemars(schema_with = "crate::schema::address_type")]
    pub type_: Option<AddressType>,
    /// The address, 1 to 253 characters.
    #[schemars(length(min = 1, max = 253))]
    pub value: String,
}
