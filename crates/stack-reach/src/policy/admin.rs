//! Policies of the cluster's administrator: AdminNetworkPolicy, BaselineAdminNetworkPolicy and their successor
//! ClusterNetworkPolicy. Unlike all others they are ordered: the first rule that matches decides.

use stack_model::Value;
use stack_model::{Entry as Object, Model};

use super::context::Context;
use super::names::PortNames;
use super::netpol::selector;
use super::peer::{Namespaces, Peer, PeerMatch};
use super::port::{PortMatch, Ports, Traffic};
use super::{Direction, Truth};
use crate::Protocol;
use crate::address::BlockRule;
use crate::answer::{Layer, Step, Verdict};
use crate::world::Pod;

/// The policies of both tiers, each in the order in which they are asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tiers {
    /// Asked before NetworkPolicies.
    pub(crate) admin: Vec<Policy>,
    /// Asked after them, for pods that none of them isolates.
    pub(crate) baseline: Vec<Policy>,
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) object: String,
    pub(crate) priority: i64,
    pub(crate) subject: PeerMatch,
    pub(crate) ingress: Vec<Rule>,
    pub(crate) egress: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) path: String,
    pub(crate) action: Action,
    pub(crate) peers: Vec<PeerMatch>,
    /// `None`: all traffic.
    pub(crate) ports: Option<Vec<PortMatch>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Allow,
    Deny,
    /// The rest of the tier is skipped.
    Pass,
}

/// What a tier says.
#[derive(Clone, Debug)]
pub(crate) enum TierVerdict {
    Decided(Step),
    /// No rule matches, or one passes on.
    Silent,
}

const GROUP: &str = "policy.networking.k8s.io";

impl Tiers {
    pub(crate) fn read(model: &Model) -> Self {
        let mut tiers = Self::default();
        tiers.admin.extend(
            model
                .objects(GROUP, "AdminNetworkPolicy")
                .map(|object| Policy::read(object, "ports")),
        );
        tiers.baseline.extend(
            model
                .objects(GROUP, "BaselineAdminNetworkPolicy")
                .map(|object| Policy::read(object, "ports")),
        );
        for object in model.objects(GROUP, "ClusterNetworkPolicy") {
            let tier = match object.text_at("spec.tier") {
                Some("Baseline") => &mut tiers.baseline,
                _ => &mut tiers.admin,
            };
            tier.push(Policy::read(object, "protocols"));
        }
        for tier in [&mut tiers.admin, &mut tiers.baseline] {
            tier.sort_by(|a, b| (a.priority, &a.object).cmp(&(b.priority, &b.object)));
        }
        tiers
    }

    /// The policies of each tier that have one of these numbers, counted through both tiers.
    pub(crate) fn split(&self, numbers: &[usize]) -> (Vec<&Policy>, Vec<&Policy>) {
        let (admin, baseline): (Vec<usize>, Vec<usize>) = numbers
            .iter()
            .partition(|number| **number < self.admin.len());
        (
            admin
                .into_iter()
                .filter_map(|number| self.admin.get(number))
                .collect(),
            baseline
                .into_iter()
                .filter_map(|number| self.baseline.get(number - self.admin.len()))
                .collect(),
        )
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.admin.is_empty() && self.baseline.is_empty()
    }
}

/// Asks the policies of a tier about one connection.
pub(crate) fn ask(
    tier: &[Policy],
    direction: Direction,
    subject: Peer,
    peer: Peer,
    traffic: &Traffic,
    context: &Context<'_>,
) -> TierVerdict {
    let names = names(direction, subject, peer, context);
    for policy in tier
        .iter()
        .filter(|policy| policy.subject.matches(subject, context) == Truth::Yes)
    {
        for rule in policy.rules(direction) {
            let ports = || {
                rule.ports
                    .as_ref()
                    .is_none_or(|ports| ports.iter().any(|port| port.matches(traffic, &names)))
            };
            let matched = Truth::from(ports()).and(|| context.any_peer(Some(&rule.peers), peer));
            let step = |verdict, reason: String| {
                TierVerdict::Decided(
                    Step::new(direction.layer(), verdict, reason).by(&policy.object, &rule.path),
                )
            };
            match (matched, rule.action) {
                (Truth::No, _) => {}
                (Truth::If(condition), _) => {
                    return step(
                        Verdict::Depends,
                        format!("whether the rule holds: {condition}"),
                    );
                }
                (Truth::Yes, Action::Pass) => return TierVerdict::Silent,
                (Truth::Yes, Action::Allow) => {
                    return step(
                        Verdict::Allowed,
                        "the administrator's policy allows it".to_owned(),
                    );
                }
                (Truth::Yes, Action::Deny) => {
                    return step(
                        Verdict::Refused,
                        "the administrator's policy denies it".to_owned(),
                    );
                }
            }
        }
    }
    TierVerdict::Silent
}

/// The pod in which names of ports are looked up: the destination.
pub(crate) fn names<'a>(
    direction: Direction,
    subject: Peer,
    peer: Peer,
    context: &Context<'a>,
) -> PortNames<'a> {
    let destination: Option<&Pod> = match direction {
        Direction::Ingress => context.pod(subject),
        Direction::Egress => context.pod(peer),
    };
    destination.map_or(PortNames::Nowhere, PortNames::Of)
}

impl Direction {
    pub(crate) const fn layer(self) -> Layer {
        match self {
            Self::Ingress => Layer::IngressPolicy,
            Self::Egress => Layer::EgressPolicy,
        }
    }
}

impl Policy {
    pub(crate) fn rules(&self, direction: Direction) -> &[Rule] {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }

    fn read(object: &Object, ports: &str) -> Self {
        let rules = |list: &str, peers: &str| {
            let path = format!("spec.{list}");
            object
                .items_at(&path)
                .iter()
                .enumerate()
                .filter_map(|(index, rule)| {
                    Rule::read(rule, format!("{path}[{index}]"), peers, ports)
                })
                .collect()
        };
        Self {
            object: format!("{} {}", object.kind(), object.name()),
            priority: object
                .at("spec.priority")
                .and_then(Value::as_i64)
                .unwrap_or(0),
            subject: object
                .at("spec.subject")
                .and_then(read_pods)
                .unwrap_or(PeerMatch::Among(Vec::new())),
            ingress: rules("ingress", "from"),
            egress: rules("egress", "to"),
        }
    }
}

impl Rule {
    fn read(rule: &Value, path: String, peers: &str, ports: &str) -> Option<Self> {
        let action = match rule.get("action")?.as_str()? {
            "Allow" | "Accept" => Action::Allow,
            "Deny" => Action::Deny,
            "Pass" => Action::Pass,
            _ => return None,
        };
        Some(Self {
            path,
            action,
            peers: list(rule, peers).iter().flat_map(read_peer).collect(),
            ports: rule
                .get(ports)
                .and_then(Value::as_array)
                .filter(|ports| !ports.is_empty())
                .map(|ports| ports.iter().filter_map(read_port).collect()),
        })
    }
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

/// A `namespaces` or `pods` member: subjects and peers have both.
fn read_pods(value: &Value) -> Option<PeerMatch> {
    if let Some(namespaces) = value
        .get("namespaces")
        .filter(|namespaces| !namespaces.is_null())
    {
        return Some(PeerMatch::Pods {
            namespaces: Namespaces::Labelled(selector(Some(namespaces))),
            pods: selector(None),
        });
    }
    let pods = value.get("pods").filter(|pods| !pods.is_null())?;
    Some(PeerMatch::Pods {
        namespaces: Namespaces::Labelled(selector(pods.get("namespaceSelector"))),
        pods: selector(pods.get("podSelector")),
    })
}

fn read_peer(peer: &Value) -> Vec<PeerMatch> {
    if let Some(pods) = read_pods(peer) {
        return vec![pods];
    }
    if let Some(nodes) = peer.get("nodes").filter(|nodes| !nodes.is_null()) {
        return vec![PeerMatch::Nodes(selector(Some(nodes)))];
    }
    if let Some(names) = peer.get("domainNames").and_then(Value::as_array) {
        return names
            .iter()
            .filter_map(Value::as_str)
            .map(|name| PeerMatch::Unknown(format!("the address belongs to {name}")))
            .collect();
    }
    list(peer, "networks")
        .iter()
        .filter_map(|text| text.as_str()?.parse().ok())
        .map(|block| PeerMatch::Block {
            rule: BlockRule {
                block,
                except: Vec::new(),
            },
            pods: true,
        })
        .collect()
}

fn read_port(port: &Value) -> Option<PortMatch> {
    let named = port
        .get("namedPort")
        .or_else(|| port.get("destinationNamedPort"));
    if let Some(name) = named.and_then(Value::as_str) {
        return Some(PortMatch {
            ports: Ports::Name(name.to_owned()),
            protocols: Protocol::WITH_PORTS.to_vec(),
        });
    }
    for (member, protocol) in [
        ("tcp", Protocol::Tcp),
        ("udp", Protocol::Udp),
        ("sctp", Protocol::Sctp),
    ] {
        if let Some(transport) = port.get(member) {
            let destination = transport.get("destinationPort");
            let ports = match destination.filter(|port| !port.is_null()) {
                None => Ports::All,
                Some(destination) => match destination.get("range") {
                    Some(range) => Ports::Range(number(range, "start")?, number(range, "end")?),
                    None => single(number(destination, "number")?),
                },
            };
            return Some(PortMatch {
                ports,
                protocols: vec![protocol],
            });
        }
    }
    let (value, ports) = match (port.get("portNumber"), port.get("portRange")) {
        (Some(value), _) => (value, single(number(value, "port")?)),
        (None, Some(value)) => (
            value,
            Ports::Range(number(value, "start")?, number(value, "end")?),
        ),
        (None, None) => return None,
    };
    let protocol = match value.get("protocol").and_then(Value::as_str) {
        Some(text) => Protocol::parse(text)?,
        None => Protocol::Tcp,
    };
    Some(PortMatch {
        ports,
        protocols: vec![protocol],
    })
}

const fn single(port: u16) -> Ports {
    Ports::Range(port, port)
}

fn number(value: &Value, member: &str) -> Option<u16> {
    value
        .get(member)?
        .as_u64()
        .and_then(|number| u16::try_from(number).ok())
}
