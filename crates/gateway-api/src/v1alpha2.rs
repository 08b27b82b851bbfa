//! Version `v1alpha2` of `gateway.networking.k8s.io`. Of its kinds, servers of the standard channel
//! know TLSRoute alone, and do not serve it.

use crate::v1::{BackendRef, GatewayDefaultScope, ParentReference, RouteStatus, TlsRouteRule};
use crd_core::{Object, ObjectMeta, Resource};

/// Which TLS connections go where, by the server name that the client asks for.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "TLSRoute", plural = "tlsroutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    deprecated = "TLSRoute v1alpha2 is on its way out; write v1",
)]
pub struct TlsRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, the server names, and where their connections go.
    pub spec: TlsRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Which TLS connections go where. Looser than [`v1::TlsRouteSpec`](crate::v1::TlsRouteSpec): several rules, and no
/// need for host names.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsRouteSpec {
    /// Whose connections: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
    #[schemars(
        length(max = 32),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
    )]
    pub parent_refs: Vec<ParentReference>,
    /// Which default Gateways the route attaches to besides; none if absent.
    #[field(experimental)]
    pub use_default_gateways: Option<GatewayDefaultScope>,
    /// For which server names, exact or with a wildcard as first label, at most 16; those of the listener if empty.
    #[schemars(schema_with = "crate::schema::hostnames")]
    pub hostnames: Vec<String>,
    /// Where they go, 1 to 16 rules.
    #[field(required)]
    #[schemars(schema_with = "crate::schema::several::<TlsRouteRule>")]
    pub rules: Vec<TlsRouteRule>,
}

/// Where the TCP connections of a listener go.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#tcproute>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "TCPRoute", plural = "tcproutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    experimental,
)]
pub struct TcpRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, and where their connections go.
    pub spec: TcpRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Where TCP connections go.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TcpRouteSpec {
    /// Whose connections: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
    #[schemars(
        length(max = 32),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
    )]
    pub parent_refs: Vec<ParentReference>,
    /// Which default Gateways the route attaches to besides; none if absent.
    pub use_default_gateways: Option<GatewayDefaultScope>,
    /// Where they go, 1 to 16 rules.
    #[field(required)]
    #[schemars(schema_with = "crate::schema::several::<TcpRouteRule>")]
    pub rules: Vec<TcpRouteRule>,
}

/// Where TCP connections go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct TcpRouteRule {
    /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: Option<String>,
    /// The backends, 1 to 16, shared out by weight.
    #[field(required)]
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub backend_refs: Vec<BackendRef>,
}

/// Where the UDP packets of a listener go.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#udproute>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "UDPRoute", plural = "udproutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    experimental,
)]
pub struct UdpRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, and where their datagrams go.
    pub spec: UdpRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Where UDP packets go.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct UdpRouteSpec {
    /// Whose packets: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
    #[schemars(
        length(max = 32),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
    )]
    pub parent_refs: Vec<ParentReference>,
    /// Which default Gateways the route attaches to besides; none if absent.
    pub use_default_gateways: Option<GatewayDefaultScope>,
    /// Where they go, 1 to 16 rules.
    #[field(required)]
    #[schemars(schema_with = "crate::schema::several::<UdpRouteRule>")]
    pub rules: Vec<UdpRouteRule>,
}

/// Where UDP packets go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct UdpRouteRule {
    /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: Option<String>,
    /// The backends, 1 to 16, shared out by weight.
    #[field(required)]
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub backend_refs: Vec<BackendRef>,
}
