//! TrafficPolicy: what goes for the connections to a host, a subset or a port.

use super::connection_pool::ConnectionPoolSettings;
use super::destination::PortSelector;
use super::load_balancer::LoadBalancerSettings;
use super::outlier_detection::OutlierDetection;
use super::tls::ClientTlsSettings;
use crate::number::Double;
use crd_core::{Object, StringEnum};

/// What goes for the connections to a host or to one of its subsets.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TrafficPolicy {
    /// How endpoints are chosen. Left out, `LEAST_REQUEST`.
    pub load_balancer: Option<LoadBalancerSettings>,

    /// How many connections and requests there may be.
    pub connection_pool: Option<ConnectionPoolSettings>,

    /// When a bad endpoint is left alone. Left out, never.
    pub outlier_detection: Option<OutlierDetection>,

    /// How the connections are encrypted. Left out, mTLS where the other side is in the mesh.
    pub tls: Option<ClientTlsSettings>,

    /// What goes for single ports, at most 4096. Replaces the settings above as a whole: what an
    /// entry leaves out has its default.
    #[schemars(length(max = 4096))]
    pub port_level_settings: Vec<PortTrafficPolicy>,

    /// Wraps the connections in a tunnel.
    pub tunnel: Option<TunnelSettings>,

    /// Announces the caller's address with the PROXY protocol.
    pub proxy_protocol: Option<ProxyProtocol>,

    /// How many requests may be retries at any time.
    pub retry_budget: Option<RetryBudget>,
}

/// What goes for the connections to one port of a host.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PortTrafficPolicy {
    /// The port of the service.
    pub port: Option<PortSelector>,

    /// How endpoints are chosen.
    pub load_balancer: Option<LoadBalancerSettings>,

    /// How many connections and requests there may be.
    pub connection_pool: Option<ConnectionPoolSettings>,

    /// When a bad endpoint is left alone.
    pub outlier_detection: Option<OutlierDetection>,

    /// How the connections are encrypted.
    pub tls: Option<ClientTlsSettings>,
}

/// A tunnel through an HTTP proxy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TunnelSettings {
    /// How the tunnel is asked for: `CONNECT` or `POST`. Left out, `CONNECT`.
    pub protocol: Option<String>,

    /// Where the tunnel leads: a name or an address.
    pub target_host: String,

    /// The port of the host that the tunnel ends at.
    #[schemars(extend("maximum" = u32::MAX))]
    pub target_port: u32,
}

/// The PROXY protocol, for servers that want to know the caller's address.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProxyProtocol {
    /// Its version. Left out, `V1`.
    pub version: Option<ProxyProtocolVersion>,
}

/// Version of the PROXY protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum ProxyProtocolVersion {
    /// Version 1: a line of text.
    V1,
    /// Version 2: a binary header.
    V2,
}

/// How many requests may be retries at any time.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RetryBudget {
    /// Share of the active requests, 0 to 100 percent. Left out, 20.
    #[schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true))]
    pub percent: Option<Double>,

    /// Retries that are allowed in any case. Left out, 3.
    #[schemars(extend("maximum" = u32::MAX))]
    pub min_retry_concurrency: Option<u32>,
}
