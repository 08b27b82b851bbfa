//! `networking.k8s.io/v1` NetworkPolicy.

use stack_model::Value;
use stack_model::{Entry as Object, Selector};

use super::peer::{Namespaces, PeerMatch};
use super::port::{PortMatch, Ports};
use super::rule::{Entry, PortGroup, Rule, Side, Who};
use crate::address::BlockRule;
use crate::{Protocol, Settings};

/// Reads a policy. What a server would refuse selects nothing: it never allows more than is written.
pub(crate) fn read(policy: &Object, settings: &Settings) -> Rule {
    let namespace = policy.namespace().unwrap_or("default").to_owned();
    let types = policy.items_at("spec.policyTypes");
    let has = |name: &str| {
        types.iter().any(|kind| {
            kind.as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case(name))
        })
    };
    let egress = policy.items_at("spec.egress");
    let is_ingress = types.is_empty() || has("Ingress");
    let is_egress = has("Egress") || (types.is_empty() && !egress.is_empty());
    let side = |isolates: bool, rules: &[Value], list: &str, peers: &str| Side {
        isolates,
        allow: if isolates {
            read_rules(rules, list, peers, &namespace, settings)
        } else {
            Vec::new()
        },
        deny: Vec::new(),
    };
    let ingress = side(
        is_ingress,
        policy.items_at("spec.ingress"),
        "ingress",
        "from",
    );
    let egress = side(is_egress, egress, "egress", "to");
    Rule {
        object: format!("NetworkPolicy {namespace}/{}", policy.name()),
        who: Who::Namespaced {
            pods: selector(policy.at("spec.podSelector")),
            namespace,
        },
        ingress,
        egress,
    }
}

/// A selector; everything where it is absent, nothing where it cannot be read.
pub(super) fn selector(value: Option<&Value>) -> Selector {
    value
        .map_or(Ok(Selector::everything()), Selector::read)
        .unwrap_or_else(|_| Selector::nothing())
}

fn read_rules(
    rules: &[Value],
    list: &str,
    peers: &str,
    namespace: &str,
    settings: &Settings,
) -> Vec<Entry> {
    rules
        .iter()
        .enumerate()
        .map(|(index, rule)| Entry {
            path: format!("spec.{list}[{index}]"),
            peers: items(rule, peers).map(|peers| {
                peers
                    .iter()
                    .filter_map(|peer| read_peer(peer, namespace, settings))
                    .collect()
            }),
            ports: items(rule, "ports").map(|ports| {
                let ports = ports.iter().filter_map(read_port).collect::<Vec<_>>();
                // An entry that cannot be read allows nothing; an empty group would mean every port.
                if ports.is_empty() {
                    Vec::new()
                } else {
                    vec![PortGroup { ports, l7: None }]
                }
            }),
            icmp: None,
            authentication: None,
        })
        .collect()
}

/// The items of a list; `None` where it is absent or empty, which mean the same in a NetworkPolicy.
fn items<'v>(rule: &'v Value, member: &str) -> Option<&'v [Value]> {
    rule.get(member)
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
}

fn read_peer(peer: &Value, namespace: &str, settings: &Settings) -> Option<PeerMatch> {
    if let Some(block) = peer.get("ipBlock").filter(|block| !block.is_null()) {
        let rule = BlockRule {
            block: block.get("cidr")?.as_str()?.parse().ok()?,
            except: items(block, "except")
                .unwrap_or_default()
                .iter()
                .filter_map(|text| text.as_str()?.parse().ok())
                .collect(),
        };
        return Some(PeerMatch::Block {
            rule,
            pods: settings.ip_block_matches_pods,
        });
    }
    let namespaces = peer
        .get("namespaceSelector")
        .filter(|selector| !selector.is_null());
    let pods = peer
        .get("podSelector")
        .filter(|selector| !selector.is_null());
    if namespaces.is_none() && pods.is_none() {
        return None;
    }
    Some(PeerMatch::Pods {
        namespaces: match namespaces {
            Some(labels) => Namespaces::Labelled(selector(Some(labels))),
            None => Namespaces::Named(namespace.to_owned()),
        },
        pods: selector(pods),
    })
}

fn read_port(port: &Value) -> Option<PortMatch> {
    let protocol = match port.get("protocol").and_then(Value::as_str) {
        Some(text) => Protocol::parse(text)?,
        None => Protocol::Tcp,
    };
    // An end beyond the last port means the last port.
    let number = |value: &Value| {
        value
            .as_u64()
            .map(|number| u16::try_from(number).unwrap_or(u16::MAX))
    };
    let ports = match port.get("port").filter(|port| !port.is_null()) {
        None => Ports::All,
        Some(Value::String(name)) => Ports::Name(name.to_string()),
        Some(first) => {
            let first = number(first)?;
            Ports::Range(first, port.get("endPort").and_then(number).unwrap_or(first))
        }
    };
    Some(PortMatch {
        ports,
        protocols: vec![protocol],
    })
}
