//! HTTPRoute.

use super::{
    GatewayDefaultScope, HttpRouteFilter, HttpRouteMatch, ParentReference, RouteStatus,
    SessionPersistence,
};
use crate::Duration;
use crd_core::{Object, ObjectMeta, Resource};

/// Which HTTP requests go where, and what is done to them on the way.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#httproute>.
///
/// ```
/// use gateway_api::v1::{HttpBackendRef, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, ParentReference};
///
/// let route = HttpRoute::new("demo-api", HttpRouteSpec {
///     parent_refs: vec![ParentReference::gateway("kong-gateway").in_namespace("kong")],
///     hostnames: vec!["api.demo.local".to_owned()],
///     rules: vec![HttpRouteRule {
///         matches: vec![HttpRouteMatch::path_prefix("/")],
///         backend_refs: vec![HttpBackendRef::service("backend", 80)],
///         ..Default::default()
///     }],
///     ..Default::default()
/// });
/// assert_eq!(route.spec.rules[0].backend_refs[0].port, Some(80));
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "HTTPRoute", plural = "httproutes", scope = Namespaced,
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Hostnames", "string", ".spec.hostnames"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1beta1"),
)]
pub struct HttpRoute {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateways, the hosts, and where their requests go.
    pub spec: HttpRouteSpec,
    /// What controllers made of it.
    pub status: Option<RouteStatus>,
}

/// Which HTTP requests go where.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRouteSpec {
    /// Whose requests: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
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
        length(min = 1, max = 16),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = crate::schema::matching_rules(),
            "default" = [{"matches": [{"path": {"type": "PathPrefix", "value": "/"}}]}],
        ),
    )]
    pub rules: Vec<HttpRouteRule>,
}

/// What happens to some requests.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::http_rule()))]
pub struct HttpRouteRule {
    /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub name: Option<String>,
    /// Which requests: those for which any of these holds, at most 64; all if empty.
    #[schemars(
        length(max = 64),
        extend("x-kubernetes-list-type" = "atomic", "default" = [{"path": {"type": "PathPrefix", "value": "/"}}]),
    )]
    pub matches: Vec<HttpRouteMatch>,
    /// What is done to them, in this order, at most 16. Header changes, redirects and rewrites appear once, and a
    /// redirect not together with a rewrite.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::filters(
            &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"],
            Some(("RequestRedirect", "URLRewrite")),
        )),
    )]
    pub filters: Vec<HttpRouteFilter>,
    /// Where they go, at most 16 backends, shared out by weight; nowhere (status 500) if empty and no filter answers.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub backend_refs: Vec<HttpBackendRef>,
    /// How long they may take; as long as the implementation lets them if absent.
    pub timeouts: Option<HttpRouteTimeouts>,
    /// When a failed request is tried again; never if absent.
    #[field(experimental)]
    pub retry: Option<HttpRouteRetry>,
    /// That requests of one client keep going to one backend; they need not if absent.
    #[field(experimental)]
    pub session_persistence: Option<SessionPersistence>,
}

/// How long requests may take. `0s` is without limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[(
    "!has(self.request) || !has(self.backendRequest) || duration(self.request) == duration('0s') || duration(self.backendRequest) <= duration(self.request)",
    "backendRequest takes no longer than request",
)])))]
pub struct HttpRouteTimeouts {
    /// From the request's arrival to the end of its response.
    pub request: Option<Duration>,
    /// For one attempt at one backend; at most as long as `request`.
    pub backend_request: Option<Duration>,
}

/// When a failed request is tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpRouteRetry {
    /// The statuses that count as failures, 400 to 599; those that the implementation chooses if empty.
    #[schemars(schema_with = "crate::schema::status_codes")]
    pub codes: Vec<i64>,
    /// How often it is tried again.
    #[schemars(schema_with = "crate::schema::integer")]
    pub attempts: Option<i64>,
    /// How long to wait at least before that.
    pub backoff: Option<Duration>,
}

/// A backend, its share of the requests, and what is done to those.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::service_port()))]
pub struct HttpBackendRef {
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
    /// What is done to requests for this backend alone, at most 16, under the same rules as for those of the rule.
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::filters(
            &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"],
            Some(("RequestRedirect", "URLRewrite")),
        )),
    )]
    pub filters: Vec<HttpRouteFilter>,
}

impl HttpBackendRef {
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
