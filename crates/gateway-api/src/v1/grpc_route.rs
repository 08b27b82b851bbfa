//! GRPCRoute.

use super::{
    GatewayDefaultScope, HeaderMatchType, HttpHeaderFilter, HttpRequestMirrorFilter,
    LocalObjectReference, ParentReference, RouteStatus, SessionPersistence,
};
use crd_core::{Object, ObjectMeta, Resource, StringEnum, Union};

/// Which gRPC calls go where, and what is done to them on the way.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute>.
///
/// ```
/// use gateway_api::v1::{GrpcBackendRef, GrpcRoute, GrpcRouteMatch, GrpcRouteRule, GrpcRouteSpec};
///
/// let route = GrpcRoute::new("shop", GrpcRouteSpec {
///     rules: vec![GrpcRouteRule {
///         matches: vec![GrpcRouteMatch::method("shop.Basket", "Add")],
///         backend_refs: vec![GrpcBackendRef::service("basket", 9000)],
///         ..Default::default()
///     }],
///     ..Default::default()
/// });
/// assert_eq!(route.spec.rules.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "GRPCRoute", plural = "grpcroutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Hostnames", "string", ".spec.hostnames"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
)]
pub struct GrpcRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, the hosts, and where their calls go.
    pub spec: GrpcRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Which gRPC calls go where.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GrpcRouteSpec {
    /// Whose calls: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
    #[schemars(
        length(max = 32),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
    )]
    pub parent_refs: Vec<ParentReference>,
    /// Which default Gateways the route attaches to besides; none if absent.
    #[field(experimental)]
    pub use_default_gateways: Option<GatewayDefaultScope>,
    /// For which host names, exact or with a wildcard as first label, at most 16; those of the listener if empty.
    #[schemars(schema_with = "crate::schema::hostnames")]
    pub hostnames: Vec<String>,
    /// What happens to them: at most 16 rules with at most 128 matches in all. The most specific match wins.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::matching_rules()),
    )]
    pub rules: Vec<GrpcRouteRule>,
}

/// What happens to some calls.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GrpcRouteRule {
    /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: Option<String>,
    /// Which calls: those for which any of these holds, at most 64; all if empty.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "atomic"))]
    pub matches: Vec<GrpcRouteMatch>,
    /// What is done to them, in this order, at most 16. Header changes appear once.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::filters(
            &["RequestHeaderModifier", "ResponseHeaderModifier"], None,
        )),
    )]
    pub filters: Vec<GrpcRouteFilter>,
    /// Where they go, at most 16 backends, shared out by weight; nowhere (UNAVAILABLE) if empty.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub backend_refs: Vec<GrpcBackendRef>,
    /// That calls of one client keep going to one backend; they need not if absent.
    #[field(experimental)]
    pub session_persistence: Option<SessionPersistence>,
}

/// Conditions on a call, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GrpcRouteMatch {
    /// The service and method; any if absent.
    pub method: Option<GrpcMethodMatch>,
    /// Headers the call must have, at most 16, each name once.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub headers: Vec<GrpcHeaderMatch>,
}

impl GrpcRouteMatch {
    /// Calls of one method of one service.
    pub fn method(service: impl Into<String>, method: impl Into<String>) -> Self {
        Self {
            method: Some(GrpcMethodMatch {
                type_: None,
                service: Some(service.into()),
                method: Some(method.into()),
            }),
            headers: Vec::new(),
        }
    }

    /// Calls of all methods of one service.
    pub fn service(service: impl Into<String>) -> Self {
        Self {
            method: Some(GrpcMethodMatch {
                type_: None,
                service: Some(service.into()),
                method: None,
            }),
            headers: Vec::new(),
        }
    }
}

/// A condition on service and method, one of which must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::grpc_method_match()))]
pub struct GrpcMethodMatch {
    /// How they are compared; exactly if absent.
    #[schemars(extend("default" = "Exact"))]
    pub type_: Option<GrpcMethodMatchType>,
    /// The service, with its package, at most 1024 characters; any if absent.
    #[schemars(length(max = 1024))]
    pub service: Option<String>,
    /// The method, at most 1024 characters; any if absent.
    #[schemars(length(max = 1024))]
    pub method: Option<String>,
}

/// How a service or method is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum GrpcMethodMatchType {
    /// All of it, case and all.
    Exact,
    /// By a regular expression, in the implementation's own dialect.
    RegularExpression,
}

/// A condition on one header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GrpcHeaderMatch {
    /// How the value is compared; exactly if absent.
    #[schemars(extend("default" = "Exact"))]
    pub type_: Option<HeaderMatchType>,
    /// The header, 1 to 256 characters, in upper or lower case.
    #[schemars(schema_with = "crate::schema::header_name")]
    pub name: String,
    /// What the value is compared with, 1 to 4096 characters.
    #[schemars(length(min = 1, max = 4096))]
    pub value: String,
}

/// A step in the processing of a call or its response.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
#[union(tag = "type", cel)]
pub enum GrpcRouteFilter {
    /// Changes headers of the call.
    RequestHeaderModifier(HttpHeaderFilter),
    /// Changes headers of the response.
    ResponseHeaderModifier(HttpHeaderFilter),
    /// Sends a copy of calls to another backend, whose responses are dropped.
    RequestMirror(HttpRequestMirrorFilter),
    /// Does what an object of the implementation's own kind says.
    ExtensionRef(LocalObjectReference),
}

/// A backend, its share of the calls, and what is done to those.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::service_port()))]
pub struct GrpcBackendRef {
    /// The API group; the core group if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = ""))]
    pub group: Option<String>,
    /// The kind; `Service` if absent.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Service"))]
    pub kind: Option<String>,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; that of the route if absent. Another namespace needs a ReferenceGrant there.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
    /// The port of the Service (not of its pods), 1 to 65535. A Service needs one.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: Option<i32>,
    /// The share, relative to the sum over all backends of the rule: 0 (nothing) to 1000000; 1 if absent.
    #[schemars(schema_with = "crate::schema::weight")]
    pub weight: Option<i32>,
    /// What is done to calls for this backend alone, at most 16, under the same rules as for those of the rule.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::filters(
            &["RequestHeaderModifier", "ResponseHeaderModifier"], None,
        )),
    )]
    pub filters: Vec<GrpcRouteFilter>,
}

impl GrpcBackendRef {
    /// A port of a Service in the route's own namespace, with weight 1.
    pub fn service(name: impl Into<String>, port: i32) -> Self {
        Self {
            name: name.into(),
            port: Some(port),
            ..Self::default()
        }
    }

    /// The same backend in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The same backend with this weight.
    #[must_use]
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = Some(weight);
        self
    }
}
