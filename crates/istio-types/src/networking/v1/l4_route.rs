//! The TLS and TCP routes of a VirtualService.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::destination::Destination;

/// One rule for TLS connections that are passed through: which ones, by server name, and where they
/// go.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TlsRoute {
    /// The connections that are meant: any one of these.
    pub r#match: Vec<TlsMatchAttributes>,

    /// The services that receive the connections, by weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<RouteDestination>,
}

/// Which TLS connections a route is for: all that is given must match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TlsMatchAttributes {
    /// Server names (SNI), perhaps with a wildcard as first label; each must lie within the
    /// VirtualService's hosts.
    pub sni_hosts: Vec<String>,

    /// Addresses or CIDR blocks that the connection was made to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destination_subnets: Vec<String>,

    /// The port that it was made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port: Option<u32>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<String>,

    /// Namespace of the calling workload. Without effect at gateways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<String>,
}

/// One rule for connections of unknown protocol: which ones, and where they go.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TcpRoute {
    /// The connections that are meant: any one of these. Left out, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#match: Vec<L4MatchAttributes>,

    /// The services that receive the connections, by weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<RouteDestination>,
}

/// Which connections a route is for: all that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct L4MatchAttributes {
    /// Addresses or CIDR blocks that the connection was made to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destination_subnets: Vec<String>,

    /// The port that it was made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port: Option<u32>,

    /// Reserved by upstream: address or CIDR block of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_subnet: Option<String>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<String>,

    /// Namespace of the calling workload. Without effect at gateways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<String>,
}

/// A service that receives a share of a route's connections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RouteDestination {
    /// The service.
    pub destination: Destination,

    /// Its weight against the others of the route. Left out with a single destination, everything;
    /// with several, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}
