//! What policies of connections say of one connection, in the order in which their documentation tells it.

use super::admin::{self, TierVerdict, Tiers};
use super::context::Context;
use super::l7::L7Rule;
use super::names::PortNames;
use super::peer::{Peer, PeerMatch};
use super::port::Traffic;
use super::rule::{Authentication, Entry, Rule, Who};
use super::selection::Selection;
use super::{Direction, Truth};
use crate::Protocol;
use crate::address::Block;
use crate::answer::{Step, Verdict};
use crate::settings::PolicyEnforcement;
use crate::world::{PodIndex, World};

/// The end of a connection whose policies are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Pod(usize),
    /// `None`: a node that is not in the input.
    Node(Option<usize>),
}

/// All policies of connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    pub(crate) rules: Vec<Rule>,
    pub(crate) tiers: Tiers,
    selection: Selection,
}

/// What they say of one connection.
#[derive(Clone, Debug)]
pub(crate) struct Judgement<'a> {
    /// The step that decides; a refusal, if it is refused.
    pub(crate) step: Step,
    /// What a request must be like, where the connection goes through Cilium's proxy: one of these. `None`: nothing is asked.
    pub(crate) l7: Option<Vec<Gate<'a>>>,
    /// Another rule that covers the port if this holds, and what it asks of requests.
    pub(crate) otherwise: Option<(String, Vec<Gate<'a>>)>,
    pub(crate) authentication: Authentication,
    /// Whether Cilium's proxy sees DNS lookups on this connection.
    pub(crate) dns_is_seen: bool,
}

/// An entry that asks something of requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate<'a> {
    pub(crate) rule: &'a L7Rule,
    pub(crate) object: &'a str,
    pub(crate) path: &'a str,
}

impl Policies {
    pub(crate) fn new(
        rules: Vec<Rule>,
        tiers: Tiers,
        world: &World,
        pods: &PodIndex,
        context: &Context<'_>,
    ) -> Self {
        Self {
            selection: Selection::of(&rules, world, pods, context),
            rules,
            tiers,
        }
    }

    /// The rules that select a pod.
    pub(crate) fn of_pod(&self, pod: usize) -> impl Iterator<Item = &Rule> {
        self.selection
            .by_pod
            .get(pod)
            .into_iter()
            .flatten()
            .filter_map(|&rule| self.rules.get(rule))
    }

    /// A pod that the rule of a number selects.
    pub(crate) fn selected_first(&self, rule: usize) -> Option<usize> {
        self.selection.by_rule.get(rule)?.first().copied()
    }

    /// Whether the rule of a number selects other pods than this one.
    pub(crate) fn selects_another(&self, rule: usize, pod: usize) -> bool {
        let selected = self.selection.by_rule.get(rule).into_iter().flatten();
        selected.into_iter().any(|&other| other != pod)
    }

    /// Whether a policy selects nodes.
    pub(crate) fn has_host_firewall(&self) -> bool {
        !self.selection.of_nodes.is_empty()
    }

    /// The rule that denies a connection, whatever allows it.
    pub(crate) fn denial(
        &self,
        direction: Direction,
        subject: Subject,
        peer: Peer,
        traffic: &Traffic,
        context: &Context<'_>,
    ) -> Option<Step> {
        let names = port_names(direction, subject, peer, context);
        for rule in self.of(subject, context) {
            for entry in &rule.side(direction).deny {
                let step = |verdict, reason: String| {
                    Step::new(direction.layer(), verdict, reason).by(&rule.object, &entry.path)
                };
                match entry.covers(peer, traffic, &names, context) {
                    Truth::No => {}
                    Truth::Yes => {
                        return Some(step(
                            Verdict::Refused,
                            "denied, whatever else allows it".to_owned(),
                        ));
                    }
                    Truth::If(condition) => {
                        return Some(step(
                            Verdict::Depends,
                            format!("it is not denied, as it would be if {condition}"),
                        ));
                    }
                }
            }
        }
        None
    }

    /// All blocks of addresses that policies name, those that they except, too.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let sides = self
            .rules
            .iter()
            .flat_map(|rule| [&rule.ingress, &rule.egress]);
        let entries = sides.flat_map(|side| side.allow.iter().chain(&side.deny));
        let of_rules = entries.flat_map(|entry| entry.peers.iter().flatten());
        let tiers = self.tiers.admin.iter().chain(&self.tiers.baseline);
        let of_tiers = tiers
            .flat_map(|policy| policy.ingress.iter().chain(&policy.egress))
            .flat_map(|rule| &rule.peers);
        let mut blocks = Vec::new();
        for peer in of_rules.chain(of_tiers) {
            if let PeerMatch::Block { rule, .. } = peer {
                blocks.push(rule.block);
                blocks.extend(&rule.except);
            }
        }
        blocks
    }

    /// The numbers of the rules that select a pod.
    pub(crate) fn positions_of_pod(&self, pod: usize) -> &[usize] {
        self.selection
            .by_pod
            .get(pod)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn of<'a>(&'a self, subject: Subject, context: &Context<'_>) -> Vec<&'a Rule> {
        match subject {
            Subject::Pod(pod) => self.of_pod(pod).collect(),
            Subject::Node(node) => {
                let labels = node
                    .and_then(|index| context.world.nodes.get(index))
                    .map(|node| &node.labels);
                let selects = |rule: &&Rule| match (&rule.who, labels) {
                    (Who::Nodes(selector), Some(labels)) => selector.matches(labels),
                    (Who::Nodes(selector), None) => selector.is_everything(),
                    _ => false,
                };
                self.selection
                    .of_nodes
                    .iter()
                    .filter_map(|&rule| self.rules.get(rule))
                    .filter(selects)
                    .collect()
            }
        }
    }

    /// Whether the policies of `subject` let a connection through.
    pub(crate) fn judge<'a>(
        &'a self,
        direction: Direction,
        subject: Subject,
        peer: Peer,
        traffic: &Traffic,
        context: &Context<'_>,
    ) -> Judgement<'a> {
        let decided = |step| Judgement {
            step,
            l7: None,
            otherwise: None,
            authentication: Authentication::Disabled,
            dns_is_seen: false,
        };
        let own = match subject {
            Subject::Pod(pod) => Peer::Pod(pod),
            Subject::Node(node) => Peer::Node { node, local: true },
        };
        let host_network = matches!(subject, Subject::Pod(pod) if context.world.pods.get(pod).is_some_and(|pod| pod.host_network));
        let tiers = !self.tiers.is_empty() && !host_network && matches!(subject, Subject::Pod(_));
        if tiers
            && let TierVerdict::Decided(step) =
                admin::ask(&self.tiers.admin, direction, own, peer, traffic, context)
        {
            return decided(step);
        }
        let judgement = self.judge_rules(direction, subject, peer, traffic, context);
        match judgement {
            Some(judgement) => judgement,
            None => {
                if tiers
                    && let TierVerdict::Decided(step) =
                        admin::ask(&self.tiers.baseline, direction, own, peer, traffic, context)
                {
                    return decided(step);
                }
                decided(Step::new(
                    direction.layer(),
                    Verdict::Allowed,
                    "no policy isolates this direction",
                ))
            }
        }
    }

    /// `None` where no rule isolates the subject, and none denies.
    fn judge_rules<'a>(
        &'a self,
        direction: Direction,
        subject: Subject,
        peer: Peer,
        traffic: &Traffic,
        context: &Context<'_>,
    ) -> Option<Judgement<'a>> {
        let layer = direction.layer();
        let settled = |step: Step| {
            Some(Judgement {
                step,
                l7: None,
                otherwise: None,
                authentication: Authentication::Disabled,
                dns_is_seen: false,
            })
        };
        if context.is_cilium() {
            if context.settings.policy_enforcement == PolicyEnforcement::Never {
                return settled(Step::new(
                    layer,
                    Verdict::Allowed,
                    "policies are not enforced (policy-enforcement=never)",
                ));
            }
            if direction == Direction::Ingress
                && matches!(subject, Subject::Pod(_))
                && matches!(peer, Peer::Node { local: true, .. })
            {
                return settled(Step::new(
                    layer,
                    Verdict::Allowed,
                    "a node always reaches its own pods",
                ));
            }
        }
        let rules = self.of(subject, context);
        let names = port_names(direction, subject, peer, context);
        if let Some(step) = self.denial(direction, subject, peer, traffic, context) {
            return settled(step);
        }
        let always = context.is_cilium()
            && context.settings.policy_enforcement == PolicyEnforcement::Always
            && matches!(subject, Subject::Pod(_));
        let isolating: Vec<_> = rules
            .iter()
            .filter(|rule| rule.side(direction).isolates)
            .collect();
        if isolating.is_empty() && !always {
            return rules
                .iter()
                .any(|rule| !rule.side(direction).allow.is_empty())
                .then(|| Judgement {
                    // Rules that do not isolate may still send requests through the proxy, which lets all others pass.
                    step: Step::new(
                        layer,
                        Verdict::Allowed,
                        "no selecting rule isolates this direction",
                    ),
                    l7: None,
                    otherwise: None,
                    authentication: Authentication::Disabled,
                    dns_is_seen: self
                        .dns_is_seen(&rules, direction, peer, traffic, &names, context),
                });
        }
        let mut allowed: Option<(&Rule, &Entry)> = None;
        let mut depends = None;
        let mut gates = Vec::new();
        let mut open = false;
        let mut authentication: Option<Authentication> = None;
        for rule in &rules {
            for entry in &rule.side(direction).allow {
                match entry.covers(peer, traffic, &names, context) {
                    Truth::No => {}
                    Truth::If(condition) => depends = depends.or(Some((condition, *rule, entry))),
                    Truth::Yes => {
                        authentication = authentication.max(entry.authentication);
                        let mut found = entry.gates(traffic, &names);
                        if found.is_empty() {
                            open = true;
                            allowed = Some((rule, entry));
                        } else {
                            allowed = allowed.or(Some((rule, entry)));
                            gates.extend(found.drain(..).map(|l7| Gate {
                                rule: l7,
                                object: &rule.object,
                                path: &entry.path,
                            }));
                        }
                    }
                }
            }
        }
        let dns_is_seen = gates
            .iter()
            .any(|gate| matches!(gate.rule.rules, super::L7::Dns(_)));
        let otherwise = depends.as_ref().map(|(condition, rule, entry)| {
            let asked = entry.gates(traffic, &names).into_iter().map(|l7| Gate {
                rule: l7,
                object: &rule.object,
                path: &entry.path,
            });
            (condition.clone(), asked.collect())
        });
        let step = match (allowed, depends) {
            (Some((rule, entry)), _) => {
                Step::new(layer, Verdict::Allowed, "a rule allows it").by(&rule.object, &entry.path)
            }
            (None, Some((condition, rule, entry))) => {
                Step::new(layer, Verdict::Depends, condition).by(&rule.object, &entry.path)
            }
            (None, None) => {
                let reason = "isolated, and no rule allows it";
                match isolating.first() {
                    Some(rule) => Step::new(layer, Verdict::Refused, reason).by(&rule.object, ""),
                    None => Step::new(
                        layer,
                        Verdict::Refused,
                        "policies are always enforced, and no rule allows it",
                    ),
                }
            }
        };
        Some(Judgement {
            step,
            l7: (!open && !gates.is_empty()).then_some(gates),
            otherwise,
            authentication: authentication.unwrap_or(Authentication::Disabled),
            dns_is_seen,
        })
    }

    fn dns_is_seen(
        &self,
        rules: &[&Rule],
        direction: Direction,
        peer: Peer,
        traffic: &Traffic,
        names: &PortNames<'_>,
        context: &Context<'_>,
    ) -> bool {
        let entries = rules.iter().flat_map(|rule| &rule.side(direction).allow);
        entries
            .filter(|entry| entry.covers(peer, traffic, names, context) == Truth::Yes)
            .flat_map(|entry| entry.gates(traffic, names))
            .any(|l7| matches!(l7.rules, super::L7::Dns(_)))
    }
}

/// Where names of ports are looked up: at the destination; with Cilium at egress in the whole cluster.
pub(crate) fn port_names<'a>(
    direction: Direction,
    subject: Subject,
    peer: Peer,
    context: &Context<'a>,
) -> PortNames<'a> {
    let of = |pod: usize| {
        context
            .world
            .pods
            .get(pod)
            .map_or(PortNames::Nowhere, PortNames::Of)
    };
    match (direction, subject, peer) {
        (Direction::Ingress, Subject::Pod(pod), _) => of(pod),
        (Direction::Egress, ..) if context.is_cilium() => PortNames::Cluster(context.cluster_ports),
        (Direction::Egress, _, Peer::Pod(pod)) => of(pod),
        _ => PortNames::Nowhere,
    }
}

impl Entry {
    /// Whether the peer and the port are among those of the entry.
    pub(crate) fn covers(
        &self,
        peer: Peer,
        traffic: &Traffic,
        names: &PortNames<'_>,
        context: &Context<'_>,
    ) -> Truth {
        Truth::from(self.covers_traffic(traffic, names))
            .and(|| context.any_peer(self.peers.as_deref(), peer))
    }

    fn covers_traffic(&self, traffic: &Traffic, names: &PortNames<'_>) -> bool {
        if self.ports.is_none() && self.icmp.is_none() {
            return true;
        }
        if traffic.protocol == Protocol::Icmp
            && self
                .icmp
                .as_ref()
                .is_some_and(|icmp| icmp.iter().any(|icmp| icmp.matches(traffic)))
        {
            return true;
        }
        self.ports
            .as_ref()
            .is_some_and(|groups| groups.iter().any(|group| group.covers(traffic, names)))
    }

    /// What is asked of requests; empty if some group covers the port and asks nothing.
    fn gates(&self, traffic: &Traffic, names: &PortNames<'_>) -> Vec<&L7Rule> {
        let mut gates = Vec::new();
        for group in self
            .ports
            .iter()
            .flatten()
            .filter(|group| group.covers(traffic, names))
        {
            match &group.l7 {
                Some(l7) => gates.push(l7),
                None => return Vec::new(),
            }
        }
        gates
    }
}

impl super::rule::PortGroup {
    fn covers(&self, traffic: &Traffic, names: &PortNames<'_>) -> bool {
        if self.ports.is_empty() {
            return traffic.protocol != Protocol::Icmp;
        }
        self.ports.iter().any(|port| port.matches(traffic, names))
    }
}
