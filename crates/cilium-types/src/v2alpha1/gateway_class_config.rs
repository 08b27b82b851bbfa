//! Settings of Cilium's gateways.

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

/// Settings of all Gateways of a GatewayClass. The class names it in `parametersRef`.
///
/// <https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/parameterized-gatewayclass/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumGatewayClassConfig",
    plural = "ciliumgatewayclassconfigs", scope = Namespaced,
    short_names = ["cgcc"],
    categories = ["cilium"],
    status_subresource,
    printer_columns = [
        ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
        ("Age", "date", ".metadata.creationTimestamp"),
        ("Description", "string", ".spec.description", 1),
    ],
)]
pub struct CiliumGatewayClassConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The settings. Without it all are at their defaults.
    pub spec: Option<CiliumGatewayClassConfigSpec>,
    /// What Cilium made of them.
    pub status: Option<CiliumGatewayClassConfigStatus>,
}

/// Settings of Gateways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumGatewayClassConfigSpec {
    /// For the reader; at most 64 characters.
    #[schemars(length(max = 64))]
    pub description: Option<String>,
    /// The Service that is made for each Gateway. Absent: all at their defaults.
    pub service: Option<ServiceConfig>,
}

/// The Service that is made for a Gateway. What is set goes into the field of that name of the
/// Service's spec, unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ServiceConfig {
    /// Absent: LoadBalancer.
    #[field(rename = "type")]
    #[schemars(extend("default" = "LoadBalancer"))]
    pub type_: Option<ServiceType>,
    /// Whether traffic from outside may leave the node that it arrives at. Absent: it may.
    #[schemars(extend("default" = "Cluster"))]
    pub external_traffic_policy: Option<ServiceExternalTrafficPolicy>,
    /// Which load balancer takes care of it. Absent: the cluster's default.
    pub load_balancer_class: Option<String>,
    /// `IPv4`, `IPv6`, or both in the order of preference. Empty and absent are the same: the
    /// cluster's default.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub ip_families: Vec<String>,
    /// `SingleStack`, `PreferDualStack` or `RequireDualStack`. Absent: SingleStack.
    pub ip_family_policy: Option<String>,
    /// Whether it gets node ports, too. Absent: it does.
    pub allocate_load_balancer_node_ports: Option<bool>,
    /// Blocks of addresses that clients come from. Empty and absent are the same: no
    /// restriction.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub load_balancer_source_ranges: Vec<String>,
    /// Whether clients from those blocks are let in or kept out. Absent: let in. Becomes an
    /// annotation of the Service.
    #[schemars(extend("default" = "Allow"))]
    pub load_balancer_source_ranges_policy: Option<LoadBalancerSourceRangesPolicy>,
    /// Which endpoints are preferred, such as `PreferClose`. Absent: none.
    pub traffic_distribution: Option<String>,
}

/// Types of Service that a Gateway can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum ServiceType {
    /// With an address of its own.
    LoadBalancer,
    /// With a port on each node.
    NodePort,
}

/// Whether traffic from outside may leave the node that it arrives at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ServiceExternalTrafficPolicy {
    /// It may; the client's address is lost.
    Cluster,
    /// It may not; only nodes with an endpoint take it.
    Local,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What happens to clients from the given blocks of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum LoadBalancerSourceRangesPolicy {
    /// They are let in, nobody else.
    Allow,
    /// They are kept out, nobody else.
    Deny,
}

/// What Cilium made of the settings. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumGatewayClassConfigStatus {
    /// Verdicts, one per type: `Accepted`.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}
