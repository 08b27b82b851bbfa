//! The HTTP routes of a VirtualService.

use std::collections::BTreeMap;

use crd_core::GoDuration;
use serde::{Deserialize, Serialize};

use super::destination::{Destination, Percent};
use super::http_fault::HttpFaultInjection;
use super::mirror_percent::MirrorPercent;
use super::string_match::StringMatch;

crd_core::object! {
    /// One rule for HTTP requests: which ones, and what becomes of them.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute>
    #[derive(Default)]
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
        #[embed]
        pub mirror_percent: Option<MirrorPercent>,

        /// The share of requests that `mirror` gets. Left out, all.
        pub mirror_percentage: Option<Percent>,

        /// Which other origins a browser may call from.
        pub cors_policy: Option<CorsPolicy>,

        /// Changes to headers, for all destinations of the route.
        pub headers: Option<Headers>,
    }
}

/// Which requests a route is for: all that is given must match.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpMatchRequest {
    /// A name for logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// The path, with case unless `ignore_uri_case`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<StringMatch>,

    /// The scheme, `http` or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<StringMatch>,

    /// The method, in upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<StringMatch>,

    /// The host asked for, with port if the client gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<StringMatch>,

    /// Headers by name in lower case; all must match. The names `uri`, `scheme`, `method` and
    /// `authority` are ignored.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, StringMatch>,

    /// The port that the request was sent to. Needed only where several are served.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port: Option<u32>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<String>,

    /// Query parameters by name; all must match.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query_params: BTreeMap<String, StringMatch>,

    /// Whether `uri` is compared without regard to case. Counts for exact and prefix only. Left
    /// out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_uri_case: Option<bool>,

    /// Headers of which none may match.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub without_headers: BTreeMap<String, StringMatch>,

    /// Namespace of the calling workload. Without effect at gateways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<String>,

    /// Name under which the route's statistics are counted. Left out, none are.
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteDestination {
    /// The service.
    pub destination: Destination,

    /// Its weight against the others of the route. Left out with a single destination, everything;
    /// with several, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,

    /// Changes to headers, for this destination only.
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Headers {
    /// Before the request is passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<HeaderOperations>,

    /// Before the response is given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<HeaderOperations>,
}

/// Changes to a set of headers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HeaderOperations {
    /// Headers that get exactly this value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,

    /// Headers that get this value in addition to those they have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub add: BTreeMap<String, String>,

    /// Headers that are taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

/// A VirtualService that decides in place of this route. It may not have hosts of its own, nor
/// delegate further.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delegate {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// Its namespace. Left out, that of the delegating object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

crd_core::object! {
    /// An answer that sends the client elsewhere.
    #[derive(Default)]
    pub struct HttpRedirect {
        /// Path that replaces the request's.
        pub uri: Option<String>,

        /// Host that replaces the request's.
        pub authority: Option<String>,

        /// Port that replaces the request's.
        #[embed]
        pub port: Option<RedirectPort>,

        /// Scheme that replaces the request's: `http` or `https`.
        pub scheme: Option<String>,

        /// Status: 301, 302, 303, 307 or 308. Left out, 301.
        #[schemars(extend("maximum" = u32::MAX))]
        pub redirect_code: Option<u32>,
    }
}

crd_core::union! {
    /// The port that a redirection names.
    pub enum RedirectPort {
        /// This number.
        #[schemars(extend("maximum" = u32::MAX))]
        Port(u32) = "port",
        /// A number that follows from the request.
        DerivePort(RedirectPortSelection) = "derivePort",
    }
}

crd_core::string_enum! {
    /// How the port of a redirection follows from the request.
    pub enum RedirectPortSelection {
        /// The usual port of the scheme: 80 for `http`, 443 for `https`.
        FromProtocolDefault = "FROM_PROTOCOL_DEFAULT",
        /// The port that the request came in on.
        FromRequestPort = "FROM_REQUEST_PORT",
    }
}

/// An answer that the proxy gives by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpDirectResponse {
    /// Status of the answer, 200 to 599.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub status: u32,

    /// Its body, at most 1 MB. Left out, none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<HttpBody>,
}

crate::optional_union::optional_union! {
    /// Body of an answer.
    pub enum HttpBody {
        /// Nothing: `{}` on the wire.
        #[empty]
        Empty,
        /// A text.
        String(String) = "string",
        /// Bytes, in base64.
        #[schemars(extend("format" = "byte"))]
        Bytes(String) = "bytes",
    }
}

/// Changes to a request before it is passed on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpRewrite {
    /// What takes the place of the path, or of the prefix that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,

    /// Host that replaces the request's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,

    /// Changes the path by regular expression. Excludes `uri`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_regex_rewrite: Option<RegexRewrite>,
}

/// A replacement by regular expression.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegexRewrite {
    /// The part of the path to replace (RE2 syntax).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<String>,

    /// What takes its place; `\1` and so on stand for groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
}

/// When and how often a failed request is tried again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpRetry {
    /// How many more times, at most. 0 turns retries off; left out, it counts as 0 where `retries`
    /// is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i32>,

    /// How long each try may take, at least 1 ms. Left out, the route's timeout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub per_try_timeout: Option<GoDuration>,

    /// What counts as failure: Envoy's names or status codes, separated by commas.
    ///
    /// Left out, `connect-failure,refused-stream,unavailable,cancelled`, as far as the mesh does not
    /// say otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_on: Option<String>,

    /// Whether a retry may go to another locality. Left out, the mesh's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub retry_remote_localities: Option<bool>,

    /// Whether a retry avoids the endpoints that failed. Left out, true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub retry_ignore_previous_hosts: Option<bool>,

    /// The least pause between tries, at least 1 ms; it grows up to tenfold. Left out, 25 ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub backoff: Option<GoDuration>,
}

/// A service that gets a copy of a share of the requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpMirrorPolicy {
    /// The service.
    pub destination: Destination,

    /// The share. Left out, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<Percent>,
}

/// Which other origins a browser may call from (cross-origin resource sharing).
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CorsPolicy {
    /// Origins, compared exactly: the older form of `allow_origins`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_origin: Vec<String>,

    /// Origins that may call: any one that matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_origins: Vec<StringMatch>,

    /// Methods that they may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_methods: Vec<String>,

    /// Request headers that they may send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_headers: Vec<String>,

    /// Response headers that their scripts may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<String>,

    /// How long a browser may remember the answer to a preflight request, at least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub max_age: Option<GoDuration>,

    /// Whether they may send cookies and the like. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub allow_credentials: Option<bool>,

    /// What becomes of preflight requests that no origin matches. Left out, `FORWARD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmatched_preflights: Option<UnmatchedPreflights>,
}

crd_core::string_enum! {
    /// What becomes of preflight requests that no origin matches.
    pub enum UnmatchedPreflights {
        /// The default, `FORWARD`.
        Unspecified = "UNSPECIFIED",
        /// They are passed on to the service.
        Forward = "FORWARD",
        /// They are answered with 200 and no CORS headers.
        Ignore = "IGNORE",
    }
}
