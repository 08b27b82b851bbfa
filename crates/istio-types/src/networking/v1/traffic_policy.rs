//! TrafficPolicy: what goes for the connections to a host, a subset or a port.

use serde::{Deserialize, Serialize};

use super::connection_pool::ConnectionPoolSettings;
use super::destination::PortSelector;
use super::load_balancer::LoadBalancerSettings;
use super::outlier_detection::OutlierDetection;
use super::tls::ClientTlsSettings;
use crate::number::Double;

/// What goes for the connections to a host or to one of its subsets.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrafficPolicy {
    /// How endpoints are chosen. Left out, `LEAST_REQUEST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer: Option<LoadBalancerSettings>,

    /// How many connections and requests there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<ConnectionPoolSettings>,

    /// When a bad endpoint is left alone. Left out, never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_detection: Option<OutlierDetection>,

    /// How the connections are encrypted. Left out, mTLS where the other side is in the mesh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ClientTlsSettings>,

    /// What goes for single ports, at most 4096. Replaces the settings above as a whole: what an
    /// entry leaves out has its default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4096)))]
    pub port_level_settings: Vec<PortTrafficPolicy>,

    /// Wraps the connections in a tunnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<TunnelSettings>,

    /// Announces the caller's address with the PROXY protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_protocol: Option<ProxyProtocol>,

    /// How many requests may be retries at any time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<RetryBudget>,
}

/// What goes for the connections to one port of a host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PortTrafficPolicy {
    /// The port of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<PortSelector>,

    /// How endpoints are chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer: Option<LoadBalancerSettings>,

    /// How many connections and requests there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<ConnectionPoolSettings>,

    /// When a bad endpoint is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_detection: Option<OutlierDetection>,

    /// How the connections are encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ClientTlsSettings>,
}

/// A tunnel through an HTTP proxy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TunnelSettings {
    /// How the tunnel is asked for: `CONNECT` or `POST`. Left out, `CONNECT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,

    /// Where the tunnel leads: a name or an address.
    pub target_host: String,

    /// The port there.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub target_port: u32,
}

/// The PROXY protocol, for servers that want to know the caller's address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProxyProtocol {
    /// Its version. Left out, `V1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<ProxyProtocolVersion>,
}

crd_core::string_enum! {
    /// Version of the PROXY protocol.
    pub enum ProxyProtocolVersion {
        /// The one in plain text.
        V1 = "V1",
        /// The binary one.
        V2 = "V2",
    }
}

/// How many requests may be retries at any time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RetryBudget {
    /// Share of the active requests, 0 to 100 percent. Left out, 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true)))]
    pub percent: Option<Double>,

    /// Retries that are allowed in any case. Left out, 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub min_retry_concurrency: Option<u32>,
}
