//! The TLS and TCP routes of a VirtualService.

use std::collections::BTreeMap;

use super::destination::Destination;
use crd_core::Object;

/// One rule for TLS connections that are passed through: which ones, by server name, and where they
/// go.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsRoute {
    /// The connections that are meant: any one of these.
    #[field(required)]
    pub r#match: Vec<TlsMatchAttributes>,

    /// The services that receive the connections, by weight.
    pub route: Vec<RouteDestination>,
}

/// Which TLS connections a route is for: all that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsMatchAttributes {
    /// Server names (SNI), perhaps with a wildcard as first label; each must lie within the
    /// VirtualService's hosts.
    #[field(required)]
    pub sni_hosts: Vec<String>,

    /// Addresses or CIDR blocks that the connection was made to.
    pub destination_subnets: Vec<String>,

    /// The port that it was made to.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port: Option<u32>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    pub gateways: Vec<String>,

    /// Namespace of the calling workload. Without effect at gateways.
    pub source_namespace: Option<String>,
}

/// One rule for connections of unknown protocol: which ones, and where they go.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TcpRoute {
    /// The connections that are meant: any one of these. Left out, all.
    pub r#match: Vec<L4MatchAttributes>,

    /// The services that receive the connections, by weight.
    pub route: Vec<RouteDestination>,
}

/// Which connections a route is for: all that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct L4MatchAttributes {
    /// Addresses or CIDR blocks that the connection was made to.
    pub destination_subnets: Vec<String>,

    /// The port that it was made to.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port: Option<u32>,

    /// Reserved by upstream: address or CIDR block of the caller.
    pub source_subnet: Option<String>,

    /// Labels of the calling workload; all must match. Without effect at gateways.
    pub source_labels: BTreeMap<String, String>,

    /// Gateways, or `mesh`, that the match is for; replaces those of the VirtualService.
    pub gateways: Vec<String>,

    /// Namespace of the calling workload. Without effect at gateways.
    pub source_namespace: Option<String>,
}

/// A service that receives a share of a route's connections.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteDestination {
    /// The host, and perhaps one of its subsets, that gets the connections.
    pub destination: Destination,

    /// Its weight against the others of the route. Left out with a single destination, everything;
    /// with several, 0.
    pub weight: Option<i32>,
}
