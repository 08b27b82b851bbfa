//! How the endpoints of a host are chosen.

use std::collections::BTreeMap;

use crate::number::Double;
use crd_core::{GoDuration, Object, StringEnum, Union};

/// How the endpoints of a host are chosen.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct LoadBalancerSettings {
    /// The method. Left out, `LEAST_REQUEST`.
    #[field(embed)]
    pub policy: Option<LoadBalancerPolicy>,

    /// How near endpoints are preferred; replaces the mesh's setting as a whole.
    pub locality_lb_setting: Option<LocalityLoadBalancerSetting>,

    /// How long a new endpoint gets less than its share, at least 1 ms: the older form of
    /// `warmup`.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub warmup_duration_secs: Option<GoDuration>,

    /// How a new endpoint gets less than its share for a while. Works with `ROUND_ROBIN` and
    /// `LEAST_REQUEST`.
    pub warmup: Option<WarmupConfiguration>,
}

/// The method by which endpoints are chosen.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum LoadBalancerPolicy {
    /// Without regard to the request.
    Simple(SimpleLb),
    /// By something in the request, so that requests alike go to the same endpoint.
    ConsistentHash(ConsistentHashLb),
}

/// A method that does not look at the request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = SimpleLb::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SimpleLb {
    /// Whatever Istio prefers: `LEAST_REQUEST`.
    Unspecified,
    /// The old name of `LEAST_REQUEST`.
    LeastConn,
    /// An endpoint by chance.
    Random,
    /// The address that the caller asked for, without load balancing.
    Passthrough,
    /// One endpoint after the other, in turn.
    RoundRobin,
    /// Of two chosen at random, the one with fewer requests under way.
    LeastRequest,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Requests with the same key go to the same endpoint, as far as the set of endpoints stays the
/// same.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConsistentHashLb {
    /// What of the request is the key.
    #[field(embed)]
    pub key: Option<ConsistentHashKey>,

    /// How keys are mapped to endpoints. Left out, a ring.
    #[field(embed)]
    pub algorithm: Option<ConsistentHashAlgorithm>,

    /// Least number of virtual nodes: the older form of the ring's own.
    pub minimum_ring_size: Option<u64>,
}

/// What of a request is the key.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum ConsistentHashKey {
    /// The header of this name.
    HttpHeaderName(String),
    /// A cookie, which is made where there is none.
    HttpCookie(HttpCookie),
    /// The caller's address; works for TCP too.
    UseSourceIp(bool),
    /// The query parameter of this name.
    HttpQueryParameterName(String),
}

/// How keys are mapped to endpoints.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum ConsistentHashAlgorithm {
    /// A ring of virtual nodes (Ketama): little moves when endpoints come and go.
    RingHash(RingHash),
    /// A table (Maglev): faster and more even, more moves.
    Maglev(MagLev),
}

/// A cookie that keeps a client with one endpoint.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpCookie {
    /// The cookie whose value decides on the endpoint.
    pub name: String,

    /// The path that the cookie is for. Left out, that of the request.
    pub path: Option<String>,

    /// How long it lives; `0s` makes a session cookie. Left out, no cookie is made.
    pub ttl: Option<GoDuration>,

    /// Further attributes of the cookie that is made, such as `SameSite`.
    pub attributes: Vec<HttpCookieAttribute>,
}

/// An attribute of a cookie.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpCookieAttribute {
    /// The attribute as it stands in `Set-Cookie`, such as `SameSite`.
    pub name: String,

    /// Its value. Left out, it is a flag.
    pub value: Option<String>,
}

/// A ring of virtual nodes.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RingHash {
    /// Least number of virtual nodes. Left out, 1024.
    pub minimum_ring_size: Option<u64>,
}

/// A table of endpoints.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MagLev {
    /// Number of entries, a prime up to 5000011. Left out, 65537.
    pub table_size: Option<u64>,
}

/// How a new endpoint gets less than its share for a while.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct WarmupConfiguration {
    /// How long a new endpoint gets less than its share; at least 1 ms.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub duration: GoDuration,

    /// The share that it begins with, 0 to 100 percent of the full one. Left out, 10.
    #[schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true))]
    pub minimum_percent: Option<Double>,

    /// How the share grows: 1 evenly, above 1 slowly at first. Left out, 1.
    #[schemars(extend("minimum" = 0, "nullable" = true))]
    pub aggression: Option<Double>,
}

/// How near endpoints are preferred. One of `distribute`, `failover` and `failover_priority`;
/// failing over also needs outlier detection.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct LocalityLoadBalancerSetting {
    /// Which shares go from one locality to others.
    pub distribute: Vec<Distribute>,

    /// Which region takes over for which.
    pub failover: Vec<Failover>,

    /// Labels in order of weight (`KEY` or `KEY=VALUE`): endpoints that agree with the caller on
    /// more of the first ones are preferred.
    pub failover_priority: Vec<String>,

    /// Whether this goes at all. Left out, the mesh's setting, which is true.
    #[schemars(extend("nullable" = true))]
    pub enabled: Option<bool>,
}

/// The shares of one locality's traffic.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Distribute {
    /// The caller's locality: `REGION/ZONE/SUBZONE`, with `*` for the rest.
    pub from: Option<String>,

    /// Localities and their shares in percent; the sum is 100.
    #[schemars(schema_with = "crate::schema::shares")]
    pub to: BTreeMap<String, u32>,
}

/// The region that takes over for another.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Failover {
    /// The region that may fail.
    pub from: Option<String>,

    /// The region that takes over.
    pub to: Option<String>,
}
