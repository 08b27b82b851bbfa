//! What is done to requests and responses on their way.

use super::{BackendObjectReference, HttpMethod, LocalObjectReference};
use crd_core::{IntegerEnum, Object, StringEnum, Union};

/// A step in the processing of a request or its response.
///
/// ```
/// use gateway_api::v1::{HttpPathModifier, HttpRouteFilter};
///
/// let filter = HttpRouteFilter::rewrite_path(HttpPathModifier::ReplacePrefixMatch("/".to_owned()));
/// assert_eq!(
///     serde_json::to_string(&filter)?,
///     r#"{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/"}}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type", cel)]
pub enum HttpRouteFilter {
    /// Changes headers of the request.
    RequestHeaderModifier(HttpHeaderFilter),
    /// Changes headers of the response.
    ResponseHeaderModifier(HttpHeaderFilter),
    /// Sends a copy of requests to another backend, whose responses are dropped.
    RequestMirror(HttpRequestMirrorFilter),
    /// Answers with a redirect.
    RequestRedirect(HttpRequestRedirectFilter),
    /// Changes host name and path before the request goes on.
    #[arm(tag = "URLRewrite")]
    UrlRewrite(HttpUrlRewriteFilter),
    /// Answers cross-origin requests.
    #[arm(tag = "CORS")]
    Cors(HttpCorsFilter),
    /// Asks an outside service whether the request may pass.
    #[arm(experimental)]
    ExternalAuth(HttpExternalAuthFilter),
    /// Does what an object of the implementation's own kind says.
    ExtensionRef(LocalObjectReference),
}

impl HttpRouteFilter {
    /// Answers with a redirect to HTTPS, permanently (301).
    pub fn redirect_to_https() -> Self {
        Self::RequestRedirect(HttpRequestRedirectFilter {
            scheme: Some(RedirectScheme::Https),
            status_code: Some(RedirectStatusCode::MovedPermanently),
            ..HttpRequestRedirectFilter::default()
        })
    }

    /// Changes the path before the request goes on.
    pub fn rewrite_path(path: HttpPathModifier) -> Self {
        Self::UrlRewrite(HttpUrlRewriteFilter {
            hostname: None,
            path: Some(path),
        })
    }
}

/// Changes to headers. A header appears in one of the three lists at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpHeaderFilter {
    /// Headers that get this value in place of any other, at most 16, each name once.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub set: Vec<HttpHeader>,
    /// Headers that get this value beside others, at most 16, each name once.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub add: Vec<HttpHeader>,
    /// Headers that go away, at most 16.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "set"))]
    pub remove: Vec<String>,
}

impl HttpHeaderFilter {
    /// Gives one header a value.
    pub fn set(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            set: vec![HttpHeader::new(name, value)],
            ..Self::default()
        }
    }
}

/// A header and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpHeader {
    /// The name, 1 to 256 characters, in upper or lower case.
    #[schemars(schema_with = "crate::schema::header_name")]
    pub name: String,
    /// The value, 1 to 4096 characters.
    #[schemars(schema_with = "crate::schema::header_value")]
    pub value: String,
}

impl HttpHeader {
    /// A header with this value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// A redirect; what is absent stays as in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpRequestRedirectFilter {
    /// Scheme of the new URL; that of the request if absent.
    pub scheme: Option<RedirectScheme>,
    /// The host name, without wildcard, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::precise_hostname")]
    pub hostname: Option<String>,
    /// Path of the new URL; that of the request if absent.
    pub path: Option<HttpPathModifier>,
    /// The port, 1 to 65535; that of the scheme if absent and a scheme is set, otherwise the listener's.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: Option<i32>,
    /// The status; 302 if absent.
    #[schemars(extend("default" = 302))]
    pub status_code: Option<RedirectStatusCode>,
}

/// The scheme of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum RedirectScheme {
    /// `http`: without TLS.
    Http,
    /// `https`: with TLS.
    Https,
}

/// The status of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntegerEnum)]
pub enum RedirectStatusCode {
    /// For good; clients may turn a POST into a GET.
    MovedPermanently = 301,
    /// For now; clients may turn a POST into a GET.
    Found = 302,
    /// For now, with a GET.
    SeeOther = 303,
    /// For now, with the same method.
    TemporaryRedirect = 307,
    /// For good, with the same method.
    PermanentRedirect = 308,
}

/// Changes to host name and path; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpUrlRewriteFilter {
    /// The new host name, without wildcard, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::precise_hostname")]
    pub hostname: Option<String>,
    /// What becomes of the path. Absent keeps it.
    pub path: Option<HttpPathModifier>,
}

/// A change to the path.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
#[union(tag = "type", cel)]
pub enum HttpPathModifier {
    /// This path in place of all of it, at most 1024 characters.
    #[schemars(length(max = 1024))]
    ReplaceFullPath(String),
    /// This path in place of the part that matched, at most 1024 characters. The rule must have exactly one match,
    /// and that by path prefix.
    #[schemars(length(max = 1024))]
    ReplacePrefixMatch(String),
}

/// A copy of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[(
    "!has(self.fraction) || !has(self.percent)",
    "percent and fraction exclude each other",
)])))]
pub struct HttpRequestMirrorFilter {
    /// The backend that the copies go to; its answers are dropped.
    pub backend_ref: BackendObjectReference,
    /// How many of a hundred requests are copied, 0 to 100; all if this and `fraction` are absent.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Option<i32>,
    /// How many requests are copied. Not together with `percent`.
    pub fraction: Option<Fraction>,
}

/// A share of the requests: `numerator` of `denominator`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[(
    "self.denominator >= self.numerator",
    "a fraction is at most 1",
)])))]
pub struct Fraction {
    /// The part, from 0 up to the denominator.
    #[schemars(range(min = 0))]
    pub numerator: i32,
    /// The whole, at least 1; 100 if absent.
    #[schemars(range(min = 1), extend("default" = 100))]
    pub denominator: Option<i32>,
}

/// Which cross-origin requests browsers may make, and what they may read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpCorsFilter {
    /// The origins that may, at most 64: scheme, host (perhaps with a wildcard) and perhaps port, or `*` alone for all.
    #[schemars(schema_with = "crate::schema::origins", extend("x-kubernetes-validations" = crate::schema::lonely_star()))]
    pub allow_origins: Vec<String>,
    /// Whether requests may carry cookies and the like; they may not if absent.
    pub allow_credentials: Option<bool>,
    /// The methods they may use beside the simple ones, at most 9.
    #[schemars(
        length(max = 9),
        extend("x-kubernetes-list-type" = "set", "x-kubernetes-validations" = crate::schema::lonely_star()),
    )]
    pub allow_methods: Vec<HttpMethodWithWildcard>,
    /// The headers they may send beside the simple ones, at most 64, or `*` alone for all.
    #[schemars(schema_with = "crate::schema::header_names", extend("x-kubernetes-validations" = crate::schema::lonely_star()))]
    pub allow_headers: Vec<String>,
    /// The headers of the response that scripts may read beside the simple ones, at most 64.
    #[schemars(schema_with = "crate::schema::header_names")]
    pub expose_headers: Vec<String>,
    /// For how many seconds browsers may keep the answer, at least 1; 5 if absent.
    #[schemars(range(min = 1), extend("default" = 5))]
    pub max_age: Option<i32>,
}

/// An HTTP method, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum HttpMethodWithWildcard {
    /// Reads a resource.
    #[arm(rename = "GET")]
    Get,
    /// Read the headers alone.
    #[arm(rename = "HEAD")]
    Head,
    /// Send something to be dealt with.
    #[arm(rename = "POST")]
    Post,
    /// Put something in its place.
    #[arm(rename = "PUT")]
    Put,
    /// Removes a resource.
    #[arm(rename = "DELETE")]
    Delete,
    /// Open a tunnel.
    #[arm(rename = "CONNECT")]
    Connect,
    /// Ask what can be done.
    #[arm(rename = "OPTIONS")]
    Options,
    /// Send the request back.
    #[arm(rename = "TRACE")]
    Trace,
    /// Changes a part of a resource.
    #[arm(rename = "PATCH")]
    Patch,
    /// Every method; it stands alone in its list.
    #[arm(rename = "*")]
    Any,
}

impl From<HttpMethod> for HttpMethodWithWildcard {
    fn from(method: HttpMethod) -> Self {
        match method {
            HttpMethod::Get => Self::Get,
            HttpMethod::Head => Self::Head,
            HttpMethod::Post => Self::Post,
            HttpMethod::Put => Self::Put,
            HttpMethod::Delete => Self::Delete,
            HttpMethod::Connect => Self::Connect,
            HttpMethod::Options => Self::Options,
            HttpMethod::Trace => Self::Trace,
            HttpMethod::Patch => Self::Patch,
        }
    }
}

/// A service that is asked whether a request may pass.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct HttpExternalAuthFilter {
    /// The protocol by which the service is asked; says which member holds its settings.
    #[field(embed)]
    pub protocol: HttpExternalAuthProtocol,
    /// The backend that is asked before a request passes.
    pub backend_ref: BackendObjectReference,
    /// That the body of the request is sent along; it is not if absent.
    pub forward_body: Option<ForwardBodyConfig>,
}

/// How the service is asked.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
#[union(tag = "protocol", cel)]
pub enum HttpExternalAuthProtocol {
    /// With Envoy's ext_authz protocol over gRPC.
    #[arm(tag = "GRPC")]
    Grpc(GrpcAuthConfig),
    /// With a copy of the request; status 200 lets it pass.
    #[arm(tag = "HTTP")]
    Http(HttpAuthConfig),
}

/// What the service gets to see over gRPC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GrpcAuthConfig {
    /// The request's headers that it sees, at most 64; all of them if empty.
    #[schemars(schema_with = "crate::schema::any_header_names")]
    pub allowed_headers: Vec<String>,
}

/// What the service gets to see over HTTP, and what becomes of its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpAuthConfig {
    /// A path that is put before the request's own, at most 1024 characters.
    #[schemars(schema_with = "crate::schema::request_path")]
    pub path: Option<String>,
    /// The request's headers that it sees beside those it always sees, at most 64.
    #[schemars(schema_with = "crate::schema::any_header_names")]
    pub allowed_headers: Vec<String>,
    /// The answer's headers that are copied into the request to the backend, at most 64.
    #[schemars(schema_with = "crate::schema::any_header_names")]
    pub allowed_response_headers: Vec<String>,
}

/// How much of the body is sent along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ForwardBodyConfig {
    /// The largest body in bytes; larger requests are refused. 0 or absent sends no body.
    #[schemars(schema_with = "crate::schema::integer")]
    pub max_size: Option<u16>,
}
