//! How many connections and requests there may be.

use crd_core::GoDuration;
use serde::{Deserialize, Serialize};

/// How many connections and requests to a host there may be, for each calling proxy.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionPoolSettings {
    /// For all connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpSettings>,

    /// For HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpSettings>,
}

/// Limits of connections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TcpSettings {
    /// How many connections there may be. Left out, 2^32-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<i32>,

    /// How long making one may take; at least 1 ms. Left out, 10 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub connect_timeout: Option<GoDuration>,

    /// How dead connections are found. Left out, as the operating system does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_keepalive: Option<TcpKeepalive>,

    /// How long one may live; at least 1 ms. Left out, without limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub max_connection_duration: Option<GoDuration>,

    /// How long one may be idle; `0s` means without limit. Left out, 1 h.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_timeout: Option<GoDuration>,
}

/// How dead connections are found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TcpKeepalive {
    /// Probes without answer after which a connection is dead. Left out, as the operating system
    /// says (Linux 9).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub probes: Option<u32>,

    /// Idle time before the first probe; at least 1 ms. Left out, as the operating system says
    /// (Linux 2 h).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub time: Option<GoDuration>,

    /// Time between probes; at least 1 ms. Left out, as the operating system says (Linux 75 s).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub interval: Option<GoDuration>,
}

/// Limits of HTTP.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpSettings {
    /// Requests that may wait for a connection. Left out, 2^32-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http1_max_pending_requests: Option<i32>,

    /// Requests that may be under way. Left out, 2^32-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http2_max_requests: Option<i32>,

    /// Requests per connection; 1 turns keep-alive off, 0 means without limit. Left out, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_requests_per_connection: Option<i32>,

    /// Retries that may be under way for the whole host. Left out, 2^32-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i32>,

    /// How long a connection may be without request; at least 1 ms. Left out, 1 h.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub idle_timeout: Option<GoDuration>,

    /// Whether HTTP/1.1 is turned into HTTP/2. Left out, `DEFAULT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub h2_upgrade_policy: Option<H2UpgradePolicy>,

    /// Whether the caller's version of HTTP is kept; excludes an upgrade. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_client_protocol: Option<bool>,

    /// HTTP/2 streams per connection. Left out, 2^31-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_streams: Option<i32>,
}

crd_core::string_enum! {
    /// Whether HTTP/1.1 is turned into HTTP/2.
    pub enum H2UpgradePolicy {
        /// As the mesh says.
        Default = "DEFAULT",
        /// Never.
        DoNotUpgrade = "DO_NOT_UPGRADE",
        /// Always, for ports that are known to be HTTP.
        Upgrade = "UPGRADE",
    }
}
