//! How many connections and requests there may be.

use crd_core::{GoDuration, Object, StringEnum};

/// How many connections and requests to a host there may be, for each calling proxy.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConnectionPoolSettings {
    /// Limits of connections, whatever is spoken on them.
    pub tcp: Option<TcpSettings>,

    /// Limits of requests, where HTTP is spoken.
    pub http: Option<HttpSettings>,
}

impl ConnectionPoolSettings {
    /// At most this many connections.
    pub fn connections(most: i32) -> Self {
        Self {
            tcp: Some(TcpSettings {
                max_connections: Some(most),
                ..TcpSettings::default()
            }),
            http: None,
        }
    }
}

/// Limits of connections.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TcpSettings {
    /// How many connections there may be. Left out, 2^32-1.
    pub max_connections: Option<i32>,

    /// How long making one may take; at least 1 ms. Left out, 10 s.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub connect_timeout: Option<GoDuration>,

    /// How dead connections are found. Left out, as the operating system does.
    pub tcp_keepalive: Option<TcpKeepalive>,

    /// How long one may live; at least 1 ms. Left out, without limit.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub max_connection_duration: Option<GoDuration>,

    /// How long one may be idle; `0s` means without limit. Left out, 1 h.
    pub idle_timeout: Option<GoDuration>,
}

/// How dead connections are found.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TcpKeepalive {
    /// Probes without answer after which a connection is dead. Left out, as the operating system
    /// says (Linux 9).
    #[schemars(extend("maximum" = u32::MAX))]
    pub probes: Option<u32>,

    /// Idle time before the first probe; at least 1 ms. Left out, as the operating system says
    /// (Linux 2 h).
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub time: Option<GoDuration>,

    /// Time between probes; at least 1 ms. Left out, as the operating system says (Linux 75 s).
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub interval: Option<GoDuration>,
}

/// Limits of HTTP.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpSettings {
    /// Requests that may wait for a connection. Left out, 2^32-1.
    pub http1_max_pending_requests: Option<i32>,

    /// Requests that may be under way. Left out, 2^32-1.
    pub http2_max_requests: Option<i32>,

    /// Requests per connection; 1 turns keep-alive off, 0 means without limit. Left out, 0.
    pub max_requests_per_connection: Option<i32>,

    /// Retries that may be under way for the whole host. Left out, 2^32-1.
    pub max_retries: Option<i32>,

    /// How long a connection may be without request; at least 1 ms. Left out, 1 h.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub idle_timeout: Option<GoDuration>,

    /// Whether HTTP/1.1 is turned into HTTP/2. Left out, `DEFAULT`.
    pub h2_upgrade_policy: Option<H2UpgradePolicy>,

    /// Whether the caller's version of HTTP is kept; excludes an upgrade. Left out, false.
    pub use_client_protocol: Option<bool>,

    /// HTTP/2 streams per connection. Left out, 2^31-1.
    pub max_concurrent_streams: Option<i32>,
}

/// Whether HTTP/1.1 is turned into HTTP/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum H2UpgradePolicy {
    /// As the mesh's own setting says.
    Default,
    /// HTTP/1.1 stays HTTP/1.1.
    DoNotUpgrade,
    /// Always, for ports that are known to be HTTP.
    Upgrade,
}
