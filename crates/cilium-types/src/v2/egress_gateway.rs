//! Which node traffic leaves the cluster by.

use std::net::Ipv4Addr;

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::cidr::Cidr;

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
/// let spec = CiliumEgressGatewayPolicySpec {
///     selectors: vec![GatewaySelector { pod_selector: Some(Default::default()), ..Default::default() }],
///     destination_cidrs: vec!["0.0.0.0/0".parse()?],
///     excluded_cidrs: vec!["10.0.0.0/8".parse()?],
///     egress_gateway: EgressGateway {
///         egress_ip: Some(Ipv4Addr::new(192, 0, 2, 7)),
///         ..EgressGateway::default()
///     },
///     egress_gateways: vec![],
/// };
/// let policy = CiliumEgressGatewayPolicy::new("all-by-one", spec);
/// # Ok::<(), cilium_types::v2::CidrError>(())
/// ```
///
/// <https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumEgressGatewayPolicy",
    plural = "ciliumegressgatewaypolicies", scope = Cluster,
    short_names = ["cegp"],
    categories = ["cilium", "ciliumpolicy"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct CiliumEgressGatewayPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Whose traffic, to where, and by which node. Without it the policy has no effect.
    pub spec: Option<CiliumEgressGatewayPolicySpec>,
}

/// Whose traffic leaves by which node.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumEgressGatewayPolicySpec {
    /// The pods; one entry that matches is enough.
    #[field(required)]
    pub selectors: Vec<GatewaySelector>,
    /// The destinations; one block is enough.
    #[field(rename = "destinationCIDRs", required)]
    #[schemars(schema_with = "egress_cidrs")]
    pub destination_cidrs: Vec<Cidr>,
    /// Destinations within those that the traffic reaches in the usual way. Empty and absent
    /// are the same: none.
    #[field(rename = "excludedCIDRs")]
    #[schemars(schema_with = "egress_cidrs")]
    pub excluded_cidrs: Vec<Cidr>,
    /// The node that the traffic leaves by. Not used where `egressGateways` has an entry.
    pub egress_gateway: EgressGateway,
    /// Several such nodes; each pod is given one of them. Empty and absent are the same:
    /// `egressGateway` counts.
    #[schemars(extend("default" = []))]
    pub egress_gateways: Vec<EgressGateway>,
}

/// Pods for which all that is set holds. Upstream calls it `EgressRule`, as it does the rule of
/// a network policy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewaySelector {
    /// Labels of their namespace. Absent and the empty selector are the same: every namespace.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub namespace_selector: Option<LabelSelector>,
    /// Labels of the pods. The empty selector is every pod; absent, too, if another of the
    /// selectors is set.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub pod_selector: Option<LabelSelector>,
    /// Labels of the node that they run on. Absent and the empty selector are the same: every
    /// node.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub node_selector: Option<LabelSelector>,
}

/// A node that traffic leaves by, and the address it gets. Set one of `interface` and
/// `egressIP`, or neither: then it is the address of the interface with the default route.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EgressGateway {
    /// Labels of the node. Of several, the first by name is taken.
    #[schemars(with = "crate::v2::EndpointSelector")]
    pub node_selector: LabelSelector,
    /// Interface whose first IPv4 address the traffic gets, such as `eth1`.
    pub interface: Option<String>,
    /// The address that the traffic gets; the node must have it.
    #[field(rename = "egressIP")]
    pub egress_ip: Option<Ipv4Addr>,
}

crd_core::if_schema! {
    /// Upstream has a pattern where its other kinds have the format `cidr`.
    fn egress_cidrs(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        crd_core::schema::json_schema!({
            "type": "array",
            "items": { "type": "string", "pattern": crate::schema::EGRESS_CIDR_PATTERN },
        })
    }
}
