//! TLSRoute.

use super::{BackendRef, GatewayDefaultScope, ParentReference, RouteStatus};
use crd_core::{Object, ObjectMeta, Resource};

/// Which TLS connections go where, by the server name that the client asks for.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "TLSRoute", plural = "tlsroutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v1alpha2", declared = crate::v1alpha2::TlsRoute, served = experimental),
    older(version = "v1alpha3", served = experimental, deprecated = "TLSRoute v1alpha3 is on its way out; write v1"),
)]
pub struct TlsRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, the server names, and where their connections go.
    pub spec: TlsRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Which TLS connections go where.
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
    /// For which server names, exact or with a wildcard as first label: 1 to 16, no IP addresses.
    #[field(required)]
    #[schemars(
        schema_with = "crate::schema::hostnames", length(min = 1),
        extend("x-kubernetes-validations" = crate::schema::tls_hostnames()),
    )]
    pub hostnames: Vec<String>,
    /// Where they go: exactly one rule.
    #[field(required)]
    #[schemars(length(min = 1, max = 1), extend("x-kubernetes-list-type" = "atomic"))]
    pub rules: Vec<TlsRouteRule>,
}

impl TlsRouteSpec {
    /// Connections to these names, at these parents, for these backends.
    pub fn new(
        parent_refs: impl IntoIterator<Item = ParentReference>,
        hostnames: impl IntoIterator<Item = String>,
        backend_refs: impl IntoIterator<Item = BackendRef>,
    ) -> Self {
        Self {
            parent_refs: parent_refs.into_iter().collect(),
            use_default_gateways: None,
            hostnames: hostnames.into_iter().collect(),
            rules: vec![TlsRouteRule {
                name: None,
                backend_refs: backend_refs.into_iter().collect(),
            }],
        }
    }
}

/// Where connections go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct TlsRouteRule {
    /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: Option<String>,
    /// The backends, 1 to 16, shared out by weight.
    #[field(required)]
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub backend_refs: Vec<BackendRef>,
}
