//! How the endpoints of a host are chosen.

use std::collections::BTreeMap;

use crd_core::GoDuration;
use serde::{Deserialize, Serialize};

use crate::number::Double;

crd_core::object! {
    /// How the endpoints of a host are chosen.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings>
    #[derive(Default)]
    pub struct LoadBalancerSettings {
        /// The method. Left out, `LEAST_REQUEST`.
        #[embed]
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
}

crd_core::union! {
    /// The method by which endpoints are chosen.
    pub enum LoadBalancerPolicy {
        /// Without regard to the request.
        Simple(SimpleLb) = "simple",
        /// By something in the request, so that requests alike go to the same endpoint.
        ConsistentHash(ConsistentHashLb) = "consistentHash",
    }
}

crd_core::string_enum! {
    /// A method that does not look at the request.
    #[open]
    #[schemars(extend("enum" = SimpleLb::ALL))]
    pub enum SimpleLb {
        /// Whatever Istio prefers: `LEAST_REQUEST`.
        Unspecified = "UNSPECIFIED",
        /// The old name of `LEAST_REQUEST`.
        LeastConn = "LEAST_CONN",
        /// Any endpoint.
        Random = "RANDOM",
        /// The address that the caller asked for, without load balancing.
        Passthrough = "PASSTHROUGH",
        /// One after the other.
        RoundRobin = "ROUND_ROBIN",
        /// Of two chosen at random, the one with fewer requests under way.
        LeastRequest = "LEAST_REQUEST",
    }
}

crd_core::object! {
    /// Requests with the same key go to the same endpoint, as far as the set of endpoints stays the
    /// same.
    #[derive(Default)]
    pub struct ConsistentHashLb {
        /// What of the request is the key.
        #[embed]
        pub key: Option<ConsistentHashKey>,

        /// How keys are mapped to endpoints. Left out, a ring.
        #[embed]
        pub algorithm: Option<ConsistentHashAlgorithm>,

        /// Least number of virtual nodes: the older form of the ring's own.
        pub minimum_ring_size: Option<u64>,
    }
}

crd_core::union! {
    /// What of a request is the key.
    pub enum ConsistentHashKey {
        /// The header of this name.
        HttpHeaderName(String) = "httpHeaderName",
        /// A cookie, which is made where there is none.
        HttpCookie(HttpCookie) = "httpCookie",
        /// The caller's address; works for TCP too.
        UseSourceIp(bool) = "useSourceIp",
        /// The query parameter of this name.
        HttpQueryParameterName(String) = "httpQueryParameterName",
    }
}

crd_core::union! {
    /// How keys are mapped to endpoints.
    pub enum ConsistentHashAlgorithm {
        /// A ring of virtual nodes (Ketama): little moves when endpoints come and go.
        RingHash(RingHash) = "ringHash",
        /// A table (Maglev): faster and more even, more moves.
        Maglev(MagLev) = "maglev",
    }
}

/// A cookie that keeps a client with one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpCookie {
    /// Its name.
    pub name: String,

    /// The path it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,

    /// How long it lives; `0s` makes a session cookie. Left out, no cookie is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<GoDuration>,

    /// Further attributes of the cookie that is made, such as `SameSite`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<HttpCookieAttribute>,
}

/// An attribute of a cookie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpCookieAttribute {
    /// Its name.
    pub name: String,

    /// Its value. Left out, it is a flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A ring of virtual nodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RingHash {
    /// Least number of virtual nodes. Left out, 1024.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_ring_size: Option<u64>,
}

/// A table of endpoints.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MagLev {
    /// Number of entries, a prime up to 5000011. Left out, 65537.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_size: Option<u64>,
}

/// How a new endpoint gets less than its share for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WarmupConfiguration {
    /// How long; at least 1 ms.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub duration: GoDuration,

    /// The share that it begins with, 0 to 100 percent of the full one. Left out, 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true)))]
    pub minimum_percent: Option<Double>,

    /// How the share grows: 1 evenly, above 1 slowly at first. Left out, 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "nullable" = true)))]
    pub aggression: Option<Double>,
}

/// How near endpoints are preferred. One of `distribute`, `failover` and `failover_priority`;
/// failing over also needs outlier detection.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LocalityLoadBalancerSetting {
    /// Which shares go from one locality to others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distribute: Vec<Distribute>,

    /// Which region takes over for which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failover: Vec<Failover>,

    /// Labels in order of weight (`KEY` or `KEY=VALUE`): endpoints that agree with the caller on
    /// more of the first ones are preferred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failover_priority: Vec<String>,

    /// Whether this goes at all. Left out, the mesh's setting, which is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub enabled: Option<bool>,
}

/// The shares of one locality's traffic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Distribute {
    /// The caller's locality: `REGION/ZONE/SUBZONE`, with `*` for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,

    /// Localities and their shares in percent; the sum is 100.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::shares"))]
    pub to: BTreeMap<String, u32>,
}

/// The region that takes over for another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Failover {
    /// The region that may fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,

    /// The region that takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}
