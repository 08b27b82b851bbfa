//! What may go out.

use super::auth::Authentication;
use super::cidr_rule::CidrRule;
use super::entity::Entity;
use super::fqdn::FqdnSelector;
use super::icmp::IcmpRule;
use super::port::{PortDenyRule, PortRule};
use super::selector::EndpointSelector;
use super::service::{Groups, Service};
use crate::cidr::Cidr;
use crate::label::LabelKey;
use crd_core::Object;

/// Traffic that is let out: to whom, and to which of their ports. All that is set must match.
///
/// Only **one** of the `to…` members that name peers may be set; the agent refuses a policy
/// that mixes them (the server does not notice). For each of them three things differ:
///
/// | written | who is meant |
/// |---|---|
/// | absent | nobody in particular: everybody, if `toPorts` or `icmps` is set, else nobody |
/// | `[]` | nobody, whatever else is set |
/// | `[{}]` | every endpoint within reach (`toEndpoints`), see [`EndpointSelector`] |
///
/// A rule that sets nothing (`{}`) therefore lets nothing out, but it does put the policy's
/// endpoints into default deny, DNS included.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EgressRule {
    /// Endpoints of the cluster; one selector that matches is enough. Absent names nobody in
    /// particular, `[]` is nobody, `[{}]` every endpoint within reach.
    pub to_endpoints: Option<Vec<EndpointSelector>>,
    /// No longer supported; the server refuses any entry. Absent and `[]` are the same.
    #[schemars(length(max = 0))]
    pub to_requires: Vec<String>,
    /// Addresses outside of the cluster; one block is enough. Absent names nobody in
    /// particular, `[]` is nobody.
    #[field(rename = "toCIDR")]
    pub to_cidr: Option<Vec<Cidr>>,
    /// Addresses outside of the cluster, with exceptions; one entry is enough. Absent names
    /// nobody in particular, `[]` is nobody.
    #[field(rename = "toCIDRSet")]
    pub to_cidr_set: Option<Vec<CidrRule>>,
    /// Classes of peers; one of them is enough. Absent names nobody in particular, `[]` is
    /// nobody.
    pub to_entities: Option<Vec<Entity>>,
    /// Services whose backends are meant; one of them is enough. Absent and `[]` name nobody
    /// in particular. Not together with `toPorts`.
    pub to_services: Option<Vec<Service>>,
    /// Groups of a cloud provider; one of them is enough. Absent and `[]` name nobody in
    /// particular.
    pub to_groups: Option<Vec<Groups>>,
    /// Nodes by their labels; one selector that matches is enough, `[{}]` is every node.
    /// Absent names nobody in particular, `[]` is nobody. The agent must have node selector
    /// labels switched on.
    pub to_nodes: Option<Vec<EndpointSelector>>,
    /// Ports of the peers; one entry that matches is enough. Absent and `[]` are the same:
    /// every port. `[{}]` is **no** port: the rule lets nothing out.
    pub to_ports: Option<Vec<PortRule>>,
    /// DNS names outside of the cluster; one of them is enough. The addresses are those that
    /// the endpoint itself was told by DNS, so another rule must let its lookups through and
    /// read them: [`EgressRule::dns_lookups`]. Absent and `[]` name nobody in particular.
    #[field(rename = "toFQDNs")]
    pub to_fqdns: Option<Vec<FqdnSelector>>,
    /// ICMP messages that are let out; not together with `toPorts`. Absent and `[]` are the
    /// same: ICMP is no demand.
    pub icmps: Option<Vec<IcmpRule>>,
    /// Proof of identity that the peer must give. Absent: none, unless another rule for the
    /// same peer asks for one.
    pub authentication: Option<Authentication>,
}

impl EgressRule {
    /// To endpoints with all of these labels, in the policy's namespace.
    pub fn to_labels<K, V>(labels: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<LabelKey>,
        V: Into<String>,
    {
        Self::to_endpoints([EndpointSelector::labels(labels)])
    }

    /// To all pods of a namespace.
    pub fn to_namespace(namespace: impl Into<String>) -> Self {
        Self::to_endpoints([EndpointSelector::namespace(namespace)])
    }

    /// To endpoints that one of these selectors matches.
    pub fn to_endpoints(selectors: impl IntoIterator<Item = EndpointSelector>) -> Self {
        Self {
            to_endpoints: Some(selectors.into_iter().collect()),
            ..Self::default()
        }
    }

    /// To one of these classes of peers.
    pub fn to_entities(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            to_entities: Some(entities.into_iter().collect()),
            ..Self::default()
        }
    }

    /// To one of these blocks of addresses outside of the cluster.
    pub fn to_cidrs(blocks: impl IntoIterator<Item = CidrRule>) -> Self {
        Self {
            to_cidr_set: Some(blocks.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Lookups of these names (or patterns, `*` for every name) at the cluster's DNS: pods
    /// `k8s-app: kube-dns` of `kube-system`, port 53 over UDP and TCP.
    ///
    /// Cilium reads the answers, which is what makes [`EgressRule::to_dns_names`] work and
    /// names visible in Hubble.
    pub fn dns_lookups<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let dns =
            EndpointSelector::labels([("k8s:k8s-app", "kube-dns")]).in_namespace("kube-system");
        Self::to_endpoints([dns])
            .on([PortRule::any(53).dns(names.into_iter().map(FqdnSelector::new))])
    }

    /// To these names (or patterns) outside of the cluster, on these ports, **and** the lookups
    /// of exactly these names, without which no address would ever be known.
    ///
    /// ```
    /// use cilium_types::v2::{EgressRule, EndpointSelector, PortRule, Rule};
    ///
    /// let rule = Rule::endpoints(EndpointSelector::labels([("app", "mirror")]))
    ///     .allow_egress(EgressRule::to_dns_names(["quay.io", "*.quay.io"], [PortRule::tcp(443)]));
    /// assert_eq!(rule.egress.unwrap_or_default().len(), 2);
    /// ```
    pub fn to_dns_names<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
        ports: impl IntoIterator<Item = PortRule>,
    ) -> [Self; 2] {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let peers = names.iter().cloned().map(FqdnSelector::new).collect();
        [
            Self::dns_lookups(names),
            Self {
                to_fqdns: Some(peers),
                ..Self::default()
            }
            .on(ports),
        ]
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

/// Traffic that is kept in, whatever an [`EgressRule`] lets out. All that is set must match.
/// Members mean what they mean there, absent, `[]` and `[{}]` included: a rule that sets
/// nothing (`{}`) denies nothing.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EgressDenyRule {
    /// Endpoints of the cluster; one selector that matches is enough. Absent names nobody in
    /// particular, `[]` is nobody, `[{}]` every endpoint within reach.
    pub to_endpoints: Option<Vec<EndpointSelector>>,
    /// No longer supported; the server refuses any entry. Absent and `[]` are the same.
    #[schemars(length(max = 0))]
    pub to_requires: Vec<String>,
    /// Addresses outside of the cluster; one block is enough. Absent names nobody in
    /// particular, `[]` is nobody.
    #[field(rename = "toCIDR")]
    pub to_cidr: Option<Vec<Cidr>>,
    /// Addresses outside of the cluster, with exceptions; one entry is enough. Absent names
    /// nobody in particular, `[]` is nobody.
    #[field(rename = "toCIDRSet")]
    pub to_cidr_set: Option<Vec<CidrRule>>,
    /// Classes of peers; one of them is enough. Absent names nobody in particular, `[]` is
    /// nobody.
    pub to_entities: Option<Vec<Entity>>,
    /// Services whose backends are meant; one of them is enough. Absent and `[]` name nobody
    /// in particular.
    pub to_services: Option<Vec<Service>>,
    /// Groups of a cloud provider; one of them is enough. Absent and `[]` name nobody in
    /// particular.
    pub to_groups: Option<Vec<Groups>>,
    /// Nodes by their labels; one selector that matches is enough, `[{}]` is every node.
    /// Absent names nobody in particular, `[]` is nobody. The agent must have node selector
    /// labels switched on.
    pub to_nodes: Option<Vec<EndpointSelector>>,
    /// Ports of the peers that are closed; one entry that matches is enough. Absent and `[]`
    /// are the same: every port. `[{}]` is **no** port: nothing is denied.
    pub to_ports: Option<Vec<PortDenyRule>>,
    /// ICMP messages that are kept in; not together with `toPorts`. Absent and `[]` are the
    /// same: ICMP is no demand.
    pub icmps: Option<Vec<IcmpRule>>,
}

impl EgressDenyRule {
    /// To endpoints that one of these selectors matches.
    pub fn to_endpoints(selectors: impl IntoIterator<Item = EndpointSelector>) -> Self {
        Self {
            to_endpoints: Some(selectors.into_iter().collect()),
            ..Self::default()
        }
    }

    /// To one of these classes of peers.
    pub fn to_entities(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            to_entities: Some(entities.into_iter().collect()),
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
