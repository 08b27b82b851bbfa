//! Which node traffic leaves the cluster by.

use std::net::Ipv4Addr;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;

crd_core::resource! {
    /// Sends traffic of the chosen pods out of the cluster by a chosen node, with that node's
    /// address as its source.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    ///
    /// use cilium_types::v2::{
    ///     CiliumEgressGatewayPolicy, CiliumEgressGatewayPolicySpec, EgressGateway, GatewaySelector,
    /// };
    ///
    /// let mut policy = CiliumEgressGatewayPolicy::new("all-by-one");
    /// policy.spec = Some(CiliumEgressGatewayPolicySpec {
    ///     selectors: vec![GatewaySelector { pod_selector: Some(Default::default()), ..Default::default() }],
    ///     destination_cidrs: vec!["0.0.0.0/0".parse()?],
    ///     excluded_cidrs: vec!["10.0.0.0/8".parse()?],
    ///     egress_gateway: EgressGateway {
    ///         egress_ip: Some(Ipv4Addr::new(192, 0, 2, 7)),
    ///         ..EgressGateway::default()
    ///     },
    ///     egress_gateways: vec![],
    /// });
    /// # Ok::<(), cilium_types::v2::CidrError>(())
    /// ```
    ///
    /// <https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumEgressGatewayPolicy",
        plural = "ciliumegressgatewaypolicies", scope = Cluster,
        short_names = ["cegp"],
        categories = ["cilium", "ciliumpolicy"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumEgressGatewayPolicy {
        /// Whose traffic, to where, and by which node. Without it the policy has no effect.
        pub spec: Option<CiliumEgressGatewayPolicySpec>,
    }
}

/// Whose traffic leaves by which node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumEgressGatewayPolicySpec {
    /// The pods; one entry that matches is enough.
    pub selectors: Vec<GatewaySelector>,
    /// The destinations; one block is enough.
    #[serde(rename = "destinationCIDRs")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<EgressCidrSchema>"))]
    pub destination_cidrs: Vec<Cidr>,
    /// Destinations within those that the traffic reaches in the usual way. Empty and absent
    /// are the same: none.
    #[serde(
        rename = "excludedCIDRs",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<EgressCidrSchema>>"))]
    pub excluded_cidrs: Vec<Cidr>,
    /// The node that the traffic leaves by. Not used where `egressGateways` has an entry.
    pub egress_gateway: EgressGateway,
    /// Several such nodes; each pod is given one of them. Empty and absent are the same:
    /// `egressGateway` counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = [])))]
    pub egress_gateways: Vec<EgressGateway>,
}

/// Pods for which all that is set holds. Upstream calls it `EgressRule`, as it does the rule of
/// a network policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GatewaySelector {
    /// Labels of their namespace. Absent and the empty selector are the same: every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub namespace_selector: Option<LabelSelector>,
    /// Labels of the pods. The empty selector is every pod; absent, too, if another of the
    /// selectors is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub pod_selector: Option<LabelSelector>,
    /// Labels of the node that they run on. Absent and the empty selector are the same: every
    /// node.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub node_selector: Option<LabelSelector>,
}

/// A node that traffic leaves by, and the address it gets. Set one of `interface` and
/// `egressIP`, or neither: then it is the address of the interface with the default route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EgressGateway {
    /// Labels of the node. Of several, the first by name is taken.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::LabelSelector"))]
    pub node_selector: LabelSelector,
    /// Interface whose first IPv4 address the traffic gets, such as `eth1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// The address that the traffic gets; the node must have it.
    #[serde(rename = "egressIP", skip_serializing_if = "Option::is_none")]
    pub egress_ip: Option<Ipv4Addr>,
}

/// Upstream has a pattern where its other kinds have the format `cidr`.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(inline)]
#[allow(dead_code)]
struct EgressCidrSchema(#[schemars(regex(pattern = crate::schema::EGRESS_CIDR_PATTERN))] String);
