//! The HTTP routes of a VirtualService.

use std::collections::BTreeMap;

use super::destination::{Destination, Percent};
use super::http_fault::HttpFaultInjection;
use super::mirror_percent::MirrorPercent;
use super::string_match::StringMatch;
use crd_core::{GoDuration, Object, StringEnum, Union};

/// One rule for HTTP requests: which ones, and what becomes of them.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRoute {
    /// A name for logs; put together with those of the matches.
    pub name: Option<String>,

    /// The requests that are meant: any one of these. Left out, all.
    pub r#match: Vec<HttpMatchRequest>,

    /// The services that receive the requests, by weight. Excludes `redirect` and
    /// `direct_response`.
    pub route: Vec<HttpRouteDestination>,

    /// Answers with a redirection. Excludes `route` and `direct_response`.
    pub redirect: Option<HttpRedirect>,

    /// Answers in place. Excludes `route` and `redirect`.
    pub direct_response: Option<HttpDirectResponse>,

    /// Hands the decision to another VirtualService. Only with `route` and `redirect` empty.
    pub delegate: Option<Delegate>,

    /// Changes path or host before the request is passed on. Excludes `redirect`.
    pub rewrite: Option<HttpRewrite>,

    /// How long the answer may take, at least 1 ms. Left out, without limit.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub timeout: Option<GoDuration>,

    /// When and how often a failed request is tried again. Left out, the mesh's default.
    pub retries: Option<HttpRetry>,

    /// Errors and delays that are put in on purpose. Timeouts and retries do not apply then.
    pub fault: Option<HttpFaultInjection>,

    /// A service that gets a copy of each request; its answers are thrown away. See also
    /// `mirrors`.
    pub mirror: Option<Destination>,

    /// Services that get a copy of each request, each with its own share.
    pub mirrors: Vec<HttpMirrorPolicy>,

    /// The share of requests that `mirror` gets, in whole percent: the older form of
    /// `mirror_percentage`.
    #[field(embed)]
    pub mirror_percent: Option<MirrorPercent>,

    /// The share of requests that `mirror` gets. Left out, all.
    pub mirror_percentage: Option<Percent>,

    /// Which other origins a browser may call from.
    pub cors_policy: Option<CorsPolicy>,

    /// Changes to headers, for all destinations of the route.
    pub headers: Option<Headers>,
}

/// Which requests a route is for: all that is given must match.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpMatchRequest {
    /// A name for logs.
    pub name: Option<String>,

    /// The path, with case unless `ignore_uri_case`.
    pub uri: Option<StringMatch>,

    /// The scheme, `http` or `https`.
    pub scheme: Option<StringMatch>,

    /// The method, in upper case.
    pub method: Option<StringMatch>,

    /// The host asked for, with port if the client gave one.
    pub authority: Option<StringMatch>,

    /// Headers by name in lower case; all must match. The names `uri`, `scheme`, `method` and
    /// `authority` are ignored.
    pub headers: BTreeMap<String, StringMatch>,

    /// The port that the request was sent to. Needed only where several are served.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port: Option<u32>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    pub gateways: Vec<String>,

    /// Query parameters by name; all must match.
    pub query_params: BTreeMap<String, StringMatch>,

    /// Whether `uri` is compared without regard to case. Counts for exact and prefix only. Left
    /// out, false.
    pub ignore_uri_case: Option<bool>,

    /// Headers of which none may match.
    pub without_headers: BTreeMap<String, StringMatch>,

    /// Namespace of the calling workload. Without effect at gateways.
    pub source_namespace: Option<String>,

    /// Name under which the route's statistics are counted. Left out, none are.
    pub stat_prefix: Option<String>,
}

impl HttpMatchRequest {
    /// Requests whose header `name` matches.
    pub fn header(name: impl Into<String>, value: StringMatch) -> Self {
        Self {
            headers: BTreeMap::from([(name.into(), value)]),
            ..Self::default()
        }
    }

    /// Requests whose path begins with `path`.
    pub fn path_prefix(path: impl Into<String>) -> Self {
        Self {
            uri: Some(StringMatch::prefix(path)),
            ..Self::default()
        }
    }
}

/// A service that receives a share of a route's requests.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRouteDestination {
    /// The host, and perhaps one of its subsets, that gets the requests.
    pub destination: Destination,

    /// Its weight against the others of the route. Left out with a single destination, everything;
    /// with several, 0.
    pub weight: Option<i32>,

    /// Changes to headers, for this destination only.
    pub headers: Option<Headers>,
}

impl HttpRouteDestination {
    /// Everything goes to `destination`.
    pub fn new(destination: Destination) -> Self {
        Self {
            destination,
            weight: None,
            headers: None,
        }
    }

    /// A share of `weight` goes to `destination`.
    pub fn weighted(destination: Destination, weight: i32) -> Self {
        Self {
            weight: Some(weight),
            ..Self::new(destination)
        }
    }
}

/// Changes to the headers of requests and responses.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Headers {
    /// Before the request is passed on.
    pub request: Option<HeaderOperations>,

    /// Before the response is given back.
    pub response: Option<HeaderOperations>,
}

/// Changes to a set of headers.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HeaderOperations {
    /// Headers that get exactly this value.
    pub set: BTreeMap<String, String>,

    /// Headers that get this value in addition to those they have.
    pub add: BTreeMap<String, String>,

    /// Headers that are taken away.
    pub remove: Vec<String>,
}

/// A VirtualService that decides in place of this route. It may not have hosts of its own, nor
/// delegate further.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Delegate {
    /// The VirtualService that takes over.
    pub name: Option<String>,

    /// Its namespace. Left out, that of the delegating object.
    pub namespace: Option<String>,
}

/// An answer that sends the client elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRedirect {
    /// Path that replaces the request's.
    pub uri: Option<String>,

    /// Host that replaces the request's.
    pub authority: Option<String>,

    /// Port that replaces the request's.
    #[field(embed)]
    pub port: Option<RedirectPort>,

    /// Scheme that replaces the request's: `http` or `https`.
    pub scheme: Option<String>,

    /// Status: 301, 302, 303, 307 or 308. Left out, 301.
    #[schemars(extend("maximum" = u32::MAX))]
    pub redirect_code: Option<u32>,
}

/// The port that a redirection names.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum RedirectPort {
    /// The port of this number.
    #[schemars(extend("maximum" = u32::MAX))]
    Port(u32),
    /// A number that follows from the request.
    DerivePort(RedirectPortSelection),
}

/// How the port of a redirection follows from the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RedirectPortSelection {
    /// The usual port of the scheme: 80 for `http`, 443 for `https`.
    FromProtocolDefault,
    /// The port that the request came in on.
    FromRequestPort,
}

/// An answer that the proxy gives by itself.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpDirectResponse {
    /// Status of the answer, 200 to 599.
    #[schemars(extend("maximum" = u32::MAX))]
    pub status: u32,

    /// Its body, at most 1 MB. Left out, none.
    pub body: Option<HttpBody>,
}

/// Body of an answer.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum HttpBody {
    /// Nothing: `{}` on the wire.
    Empty,
    /// The body as it stands here.
    String(String),
    /// The body in base64.
    #[schemars(extend("format" = "byte"))]
    Bytes(String),
}

/// Changes to a request before it is passed on.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRewrite {
    /// What takes the place of the path, or of the prefix that matched.
    pub uri: Option<String>,

    /// Host that replaces the request's.
    pub authority: Option<String>,

    /// Changes the path by regular expression. Excludes `uri`.
    pub uri_regex_rewrite: Option<RegexRewrite>,
}

/// A replacement by regular expression.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RegexRewrite {
    /// The part of the path to replace (RE2 syntax).
    pub r#match: Option<String>,

    /// What takes its place; `\1` and so on stand for groups.
    pub rewrite: Option<String>,
}

/// When and how often a failed request is tried again.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpRetry {
    /// How many more times, at most. 0 turns retries off; left out, it counts as 0 where `retries`
    /// is given.
    pub attempts: Option<i32>,

    /// How long each try may take, at least 1 ms. Left out, the route's timeout.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub per_try_timeout: Option<GoDuration>,

    /// What counts as failure: Envoy's names or status codes, separated by commas.
    ///
    /// Left out, `connect-failure,refused-stream,unavailable,cancelled`, as far as the mesh does not
    /// say otherwise.
    pub retry_on: Option<String>,

    /// Whether a retry may go to another locality. Left out, the mesh's default.
    #[schemars(extend("nullable" = true))]
    pub retry_remote_localities: Option<bool>,

    /// Whether a retry avoids the endpoints that failed. Left out, true.
    #[schemars(extend("nullable" = true))]
    pub retry_ignore_previous_hosts: Option<bool>,

    /// The least pause between tries, at least 1 ms; it grows up to tenfold. Left out, 25 ms.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub backoff: Option<GoDuration>,
}

/// A service that gets a copy of a share of the requests.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpMirrorPolicy {
    /// The host, and perhaps one of its subsets, that gets the copies.
    pub destination: Destination,

    /// The share. Left out, all.
    pub percentage: Option<Percent>,
}

/// Which other origins a browser may call from (cross-origin resource sharing).
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CorsPolicy {
    /// Origins, compared exactly: the older form of `allow_origins`.
    pub allow_origin: Vec<String>,

    /// Origins that may call: any one that matches.
    pub allow_origins: Vec<StringMatch>,

    /// Methods that they may use.
    pub allow_methods: Vec<String>,

    /// Request headers that they may send.
    pub allow_headers: Vec<String>,

    /// Response headers that their scripts may read.
    pub expose_headers: Vec<String>,

    /// How long a browser may remember the answer to a preflight request, at least 1 ms.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub max_age: Option<GoDuration>,

    /// Whether they may send cookies and the like. Left out, false.
    #[schemars(extend("nullable" = true))]
    pub allow_credentials: Option<bool>,

    /// What becomes of preflight requests that no origin matches. Left out, `FORWARD`.
    pub unmatched_preflights: Option<UnmatchedPreflights>,
}

/// What becomes of preflight requests that no origin matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum UnmatchedPreflights {
    /// The default, `FORWARD`.
    Unspecified,
    /// They are passed on to the service.
    Forward,
    /// They are answered with 200 and no CORS headers.
    Ignore,
}
