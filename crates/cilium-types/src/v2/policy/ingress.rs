//! What may come in.

use super::auth::Authentication;
use super::cidr_rule::CidrRule;
use super::entity::Entity;
use super::icmp::IcmpRule;
use super::port::{PortDenyRule, PortRule};
use super::selector::EndpointSelector;
use super::service::Groups;
use crate::cidr::Cidr;
use crate::label::LabelKey;
use crd_core::Object;

/// Traffic that is let in: from whom, and to which ports. All that is set must match.
///
/// Only **one** of the `from…` members may be set; the agent refuses a policy that mixes them
/// (the server does not notice). For each of them three things differ:
///
/// | written | who is meant |
/// |---|---|
/// | absent | nobody in particular: everybody, if `toPorts` or `icmps` is set, else nobody |
/// | `[]` | nobody, whatever else is set |
/// | `[{}]` | every endpoint within reach (`fromEndpoints`), see [`EndpointSelector`] |
///
/// A rule that sets nothing (`{}`) therefore lets nothing in, but it does put the policy's
/// endpoints into default deny.
///
/// ```
/// use cilium_types::v2::{IngressRule, PortRule};
///
/// let rule = IngressRule::from_labels([("app", "frontend")]).on([PortRule::tcp(80)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IngressRule {
    /// Endpoints of the cluster; one selector that matches is enough. Absent names nobody in
    /// particular, `[]` is nobody, `[{}]` every endpoint within reach.
    pub from_endpoints: Option<Vec<EndpointSelector>>,
    /// No longer supported; the server refuses any entry. Absent and `[]` are the same.
    #[schemars(length(max = 0))]
    pub from_requires: Vec<String>,
    /// Addresses outside of the cluster; one block is enough. Absent names nobody in
    /// particular, `[]` is nobody.
    #[field(rename = "fromCIDR")]
    pub from_cidr: Option<Vec<Cidr>>,
    /// Addresses outside of the cluster, with exceptions; one entry is enough. Absent names
    /// nobody in particular, `[]` is nobody.
    #[field(rename = "fromCIDRSet")]
    pub from_cidr_set: Option<Vec<CidrRule>>,
    /// Classes of peers; one of them is enough. Absent names nobody in particular, `[]` is
    /// nobody.
    pub from_entities: Option<Vec<Entity>>,
    /// Groups of a cloud provider; one of them is enough. Absent and `[]` name nobody in
    /// particular.
    pub from_groups: Option<Vec<Groups>>,
    /// Nodes by their labels; one selector that matches is enough, `[{}]` is every node.
    /// Absent names nobody in particular, `[]` is nobody. The agent must have node selector
    /// labels switched on.
    pub from_nodes: Option<Vec<EndpointSelector>>,
    /// Ports of the policy's endpoints; one entry that matches is enough. Absent and `[]` are
    /// the same: every port. `[{}]` is **no** port: the rule lets nothing in.
    pub to_ports: Option<Vec<PortRule>>,
    /// ICMP messages that are let in; not together with `toPorts`. Absent and `[]` are the
    /// same: ICMP is no demand.
    pub icmps: Option<Vec<IcmpRule>>,
    /// Proof of identity that the peer must give. Absent: none, unless another rule for the
    /// same peer asks for one.
    pub authentication: Option<Authentication>,
}

impl IngressRule {
    /// From endpoints with all of these labels, in the policy's namespace.
    pub fn from_labels<K, V>(labels: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<LabelKey>,
        V: Into<String>,
    {
        Self::from_endpoints([EndpointSelector::labels(labels)])
    }

    /// From all pods of a namespace.
    pub fn from_namespace(namespace: impl Into<String>) -> Self {
        Self::from_endpoints([EndpointSelector::namespace(namespace)])
    }

    /// From endpoints that one of these selectors matches.
    pub fn from_endpoints(selectors: impl IntoIterator<Item = EndpointSelector>) -> Self {
        Self {
            from_endpoints: Some(selectors.into_iter().collect()),
            ..Self::default()
        }
    }

    /// From one of these classes of peers.
    pub fn from_entities(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            from_entities: Some(entities.into_iter().collect()),
            ..Self::default()
        }
    }

    /// From one of these blocks of addresses outside of the cluster.
    pub fn from_cidrs(blocks: impl IntoIterator<Item = CidrRule>) -> Self {
        Self {
            from_cidr_set: Some(blocks.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Narrows the rule to these ports, and to the requests that they name.
    #[must_use]
    pub fn on(self, ports: impl IntoIterator<Item = PortRule>) -> Self {
        Self {
            to_ports: Some(ports.into_iter().collect()),
            ..self
        }
    }
}

/// Traffic that is kept out, whatever an [`IngressRule`] lets in. All that is set must match.
/// Members mean what they mean there, absent, `[]` and `[{}]` included: a rule that sets
/// nothing (`{}`) denies nothing.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IngressDenyRule {
    /// Endpoints of the cluster; one selector that matches is enough. Absent names nobody in
    /// particular, `[]` is nobody, `[{}]` every endpoint within reach.
    pub from_endpoints: Option<Vec<EndpointSelector>>,
    /// No longer supported; the server refuses any entry. Absent and `[]` are the same.
    #[schemars(length(max = 0))]
    pub from_requires: Vec<String>,
    /// Addresses outside of the cluster; one block is enough. Absent names nobody in
    /// particular, `[]` is nobody.
    #[field(rename = "fromCIDR")]
    pub from_cidr: Option<Vec<Cidr>>,
    /// Addresses outside of the cluster, with exceptions; one entry is enough. Absent names
    /// nobody in particular, `[]` is nobody.
    #[field(rename = "fromCIDRSet")]
    pub from_cidr_set: Option<Vec<CidrRule>>,
    /// Classes of peers; one of them is enough. Absent names nobody in particular, `[]` is
    /// nobody.
    pub from_entities: Option<Vec<Entity>>,
    /// Groups of a cloud provider; one of them is enough. Absent and `[]` name nobody in
    /// particular.
    pub from_groups: Option<Vec<Groups>>,
    /// Nodes by their labels; one selector that matches is enough, `[{}]` is every node.
    /// Absent names nobody in particular, `[]` is nobody. The agent must have node selector
    /// labels switched on.
    pub from_nodes: Option<Vec<EndpointSelector>>,
    /// Ports of the policy's endpoints that are closed; one entry that matches is enough.
    /// Absent and `[]` are the same: every port. `[{}]` is **no** port: nothing is denied.
    pub to_ports: Option<Vec<PortDenyRule>>,
    /// ICMP messages that are kept out; not together with `toPorts`. Absent and `[]` are the
    /// same: ICMP is no demand.
    pub icmps: Option<Vec<IcmpRule>>,
}

impl IngressDenyRule {
    /// From endpoints that one of these selectors matches.
    pub fn from_endpoints(selectors: impl IntoIterator<Item = EndpointSelector>) -> Self {
        Self {
            from_endpoints: Some(selectors.into_iter().collect()),
            ..Self::default()
        }
    }

    /// From one of these classes of peers.
    pub fn from_entities(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            from_entities: Some(entities.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Narrows the rule to these ports.
    #[must_use]
    pub fn on(self, ports: impl IntoIterator<Item = PortDenyRule>) -> Self {
        Self {
            to_ports: Some(ports.into_iter().collect()),
            ..self
        }
    }
}
