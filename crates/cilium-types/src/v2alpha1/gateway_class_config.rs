//! Settings of Cilium's gateways.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// Settings of all Gateways of a GatewayClass. The class names it in `parametersRef`.
    ///
    /// <https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/parameterized-gatewayclass/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumGatewayClassConfig",
        plural = "ciliumgatewayclassconfigs", scope = Namespaced,
        short_names = ["cgcc"],
        categories = ["cilium"],
        status_subresource = true,
        printer_columns = [
            ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
            ("Age", "date", ".metadata.creationTimestamp"),
            ("Description", "string", ".spec.description", 1),
        ],
    )]
    pub struct CiliumGatewayClassConfig {
        /// The settings. Without it all are at their defaults.
        pub spec: Option<CiliumGatewayClassConfigSpec>,
        /// What Cilium made of them.
        pub status: Option<CiliumGatewayClassConfigStatus>,
    }
}

/// Settings of Gateways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumGatewayClassConfigSpec {
    /// For the reader; at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 64)))]
    pub description: Option<String>,
    /// The Service that is made for each Gateway. Absent: all at their defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceConfig>,
}

/// The Service that is made for a Gateway. What is set goes into the field of that name of the
/// Service's spec, unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceConfig {
    /// Absent: LoadBalancer.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "LoadBalancer")))]
    pub type_: Option<ServiceType>,
    /// Whether traffic from outside may leave the node that it arrives at. Absent: it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "Cluster")))]
    pub external_traffic_policy: Option<ServiceExternalTrafficPolicy>,
    /// Which load balancer takes care of it. Absent: the cluster's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer_class: Option<String>,
    /// `IPv4`, `IPv6`, or both in the order of preference. Empty and absent are the same: the
    /// cluster's default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-list-type" = "atomic")))]
    pub ip_families: Vec<String>,
    /// `SingleStack`, `PreferDualStack` or `RequireDualStack`. Absent: SingleStack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_family_policy: Option<String>,
    /// Whether it gets node ports, too. Absent: it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocate_load_balancer_node_ports: Option<bool>,
    /// Blocks of addresses that clients come from. Empty and absent are the same: no
    /// restriction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-list-type" = "atomic")))]
    pub load_balancer_source_ranges: Vec<String>,
    /// Whether clients from those blocks are let in or kept out. Absent: let in. Becomes an
    /// annotation of the Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "Allow")))]
    pub load_balancer_source_ranges_policy: Option<LoadBalancerSourceRangesPolicy>,
    /// Which endpoints are preferred, such as `PreferClose`. Absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_distribution: Option<String>,
}

crd_core::string_enum! {
    /// Types of Service that a Gateway can have.
    pub enum ServiceType {
        /// With an address of its own.
        LoadBalancer,
        /// With a port on each node.
        NodePort,
    }
}

crd_core::string_enum! {
    /// Whether traffic from outside may leave the node that it arrives at.
    #[open]
    pub enum ServiceExternalTrafficPolicy {
        /// It may; the client's address is lost.
        Cluster,
        /// It may not; only nodes with an endpoint take it.
        Local,
    }
}

crd_core::string_enum! {
    /// What happens to clients from the given blocks of addresses.
    pub enum LoadBalancerSourceRangesPolicy {
        /// They are let in, nobody else.
        Allow,
        /// They are kept out, nobody else.
        Deny,
    }
}

/// What Cilium made of the settings. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumGatewayClassConfigStatus {
    /// Verdicts, one per type: `Accepted`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::conditions")
    )]
    pub conditions: Vec<Condition>,
}
