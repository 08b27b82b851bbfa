//! One rule of a policy.

use super::egress::{EgressDenyRule, EgressRule};
use super::ingress::{IngressDenyRule, IngressRule};
use super::selector::EndpointSelector;
use crate::label::Label;
use crd_core::{Object, Union};

/// Whom a policy governs, and what may reach them and what they may reach. The same in a
/// [`CiliumNetworkPolicy`](crate::v2::CiliumNetworkPolicy) and in its clusterwide twin.
///
/// Endpoints that no policy governs may do everything. As soon as one rule names a direction,
/// its endpoints go into **default deny** in that direction: only what some rule allows still
/// passes. What a deny rule names is refused, whatever is allowed. Rules of all policies add up.
///
/// For each of the four lists of rules:
///
/// | written | effect |
/// |---|---|
/// | absent | this rule has no say in the direction |
/// | `[]` | the same; the server wants at least one of the four lists to be there, if only so |
/// | `[{}]` | default deny in the direction, and nothing is allowed (or denied) by this rule |
///
/// ```
/// use cilium_types::v2::{EndpointSelector, IngressRule, PortRule, Rule};
///
/// let rule = Rule::endpoints(EndpointSelector::labels([("app", "backend")])).allow_ingress([
///     IngressRule::from_namespace("kong").on([PortRule::tcp(80)]),
/// ]);
/// ```
///
/// A rule governs endpoints or nodes, never both:
///
/// ```compile_fail,E0560
/// # use cilium_types::v2::{EndpointSelector, Rule};
/// let rule = Rule {
///     node_selector: EndpointSelector::everything(),
///     ..Rule::endpoints(EndpointSelector::everything())
/// };
/// ```
///
/// <https://docs.cilium.io/en/stable/security/policy/>
#[derive(Clone, Debug, PartialEq, Object)]
#[schemars(extend("anyOf" = [
    { "required": ["ingress"] }, { "required": ["ingressDeny"] },
    { "required": ["egress"] }, { "required": ["egressDeny"] },
]))]
pub struct Rule {
    /// Whom the rule governs: `endpointSelector` or `nodeSelector`, exactly one of them.
    #[field(embed)]
    pub subject: Subject,
    /// What may come in. Absent and `[]`: no say in it; `[{}]`: nothing, by default deny.
    pub ingress: Option<Vec<IngressRule>>,
    /// What must not come in, whatever `ingress` of any rule says. Absent and `[]`: no say in
    /// it; `[{}]`: default deny, nothing denied beyond it.
    pub ingress_deny: Option<Vec<IngressDenyRule>>,
    /// What may go out. Absent and `[]`: no say in it; `[{}]`: nothing, by default deny.
    pub egress: Option<Vec<EgressRule>>,
    /// What must not go out, whatever `egress` of any rule says. Absent and `[]`: no say in
    /// it; `[{}]`: default deny, nothing denied beyond it.
    pub egress_deny: Option<Vec<EgressDenyRule>>,
    /// Marks of the rule, to find it again in the agent. Empty and absent are the same: the
    /// agent adds its own marks (kind, name, namespace) in any case.
    pub labels: Vec<Label>,
    /// Whether the rule puts its endpoints into default deny. Absent: in each direction for
    /// which a list of rules is there and not empty.
    pub enable_default_deny: Option<DefaultDenyConfig>,
    /// For the reader; has no effect.
    pub description: Option<String>,
    /// What Hubble shows beside flows that the rule allowed or denied.
    pub log: Option<LogConfig>,
}

/// Whom a [`Rule`] governs.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
pub enum Subject {
    /// Endpoints by their labels. The empty selector is every endpoint: of the namespace,
    /// or of the cluster in a clusterwide policy.
    #[arm(member = "endpointSelector")]
    Endpoints(EndpointSelector),
    /// Nodes by their labels: the traffic of the hosts themselves. Only in a clusterwide
    /// policy. The empty selector is every node.
    #[arm(member = "nodeSelector")]
    Nodes(EndpointSelector),
}

impl Subject {
    /// The selector, of endpoints or of nodes.
    pub fn selector(&self) -> &EndpointSelector {
        match self {
            Self::Endpoints(selector) | Self::Nodes(selector) => selector,
        }
    }
}

impl Rule {
    /// Governs endpoints. The server refuses the rule until it has at least one of the four
    /// lists of rules.
    pub fn endpoints(selector: EndpointSelector) -> Self {
        Self::governing(Subject::Endpoints(selector))
    }

    /// Governs nodes; only for clusterwide policies.
    pub fn nodes(selector: EndpointSelector) -> Self {
        Self::governing(Subject::Nodes(selector))
    }

    /// Denies these endpoints everything that no other rule allows, in both directions. They
    /// cannot even look up names then; see [`EgressRule::dns_lookups`].
    pub fn default_deny(selector: EndpointSelector) -> Self {
        Self {
            ingress: Some(vec![IngressRule::default()]),
            egress: Some(vec![EgressRule::default()]),
            ..Self::endpoints(selector)
        }
    }

    /// Keeps out of these endpoints everything that no other rule lets in.
    pub fn default_deny_ingress(selector: EndpointSelector) -> Self {
        Self {
            ingress: Some(vec![IngressRule::default()]),
            ..Self::endpoints(selector)
        }
    }

    /// Keeps in these endpoints everything that no other rule lets out, lookups included.
    pub fn default_deny_egress(selector: EndpointSelector) -> Self {
        Self {
            egress: Some(vec![EgressRule::default()]),
            ..Self::endpoints(selector)
        }
    }

    fn governing(subject: Subject) -> Self {
        Self {
            subject,
            ingress: None,
            ingress_deny: None,
            egress: None,
            egress_deny: None,
            labels: Vec::new(),
            enable_default_deny: None,
            description: None,
            log: None,
        }
    }

    /// Lets more traffic in.
    #[must_use]
    pub fn allow_ingress(mut self, rules: impl IntoIterator<Item = IngressRule>) -> Self {
        self.ingress.get_or_insert_default().extend(rules);
        self
    }

    /// Lets more traffic out.
    #[must_use]
    pub fn allow_egress(mut self, rules: impl IntoIterator<Item = EgressRule>) -> Self {
        self.egress.get_or_insert_default().extend(rules);
        self
    }

    /// Puts its endpoints into default deny in neither direction: the rule adds to what is allowed, and closes nothing.
    #[must_use]
    pub fn without_default_deny(self) -> Self {
        Self {
            enable_default_deny: Some(DefaultDenyConfig {
                ingress: Some(false),
                egress: Some(false),
            }),
            ..self
        }
    }

    /// Explains the rule to its readers.
    #[must_use]
    pub fn describe(self, description: impl Into<String>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }
}

/// Whether a [`Rule`] puts its endpoints into default deny. Endpoints are in default deny as
/// soon as one rule for them asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object)]
pub struct DefaultDenyConfig {
    /// For what comes in. Absent: yes if `ingress` or `ingressDeny` has an entry.
    pub ingress: Option<bool>,
    /// For what goes out. Absent: yes if `egress` or `egressDeny` has an entry.
    pub egress: Option<bool>,
}

/// What Hubble shows beside the flows of a [`Rule`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct LogConfig {
    /// Text to show, at most 32 characters, all of them printable.
    #[schemars(length(max = 32), regex(pattern = r"^\PC*$"))]
    pub value: Option<String>,
}
