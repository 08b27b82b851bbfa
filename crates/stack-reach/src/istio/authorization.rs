//! AuthorizationPolicy, as the proxies enforce it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use istio_types::PolicyTargetReference;
use istio_types::security::v1::{AuthorizationAction, AuthorizationPolicy, Rule};
use stack_model::Model;

use super::conversation::{Conversation, Enforcer};
use super::proxy::rule_matches;
use super::request_auth::RequestAuthentications;
use super::ztunnel;
use crate::address::Block;
use crate::answer::{Step, Verdict};
use crate::policy::Truth;
use crate::world::{LabelMap, Pod};
use crate::{Settings, Unread};

/// All AuthorizationPolicies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Authorization {
    pub(crate) policies: Vec<Policy>,
    pub(super) tokens: RequestAuthentications,
    root_namespace: String,
    /// How many proxies before a gateway are trusted to tell their clients' addresses.
    trusted_proxies: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) object: String,
    pub(crate) namespace: String,
    selector: BTreeMap<String, String>,
    pub(crate) targets: Vec<Target>,
    pub(crate) action: AuthorizationAction,
    provider: Option<String>,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl Authorization {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut policies: Vec<_> = super::read_all::<AuthorizationPolicy>(
            model,
            "security.istio.io",
            "AuthorizationPolicy",
            unread,
        )
        .into_iter()
        // A dry run is only counted.
        .filter(|(object, _)| object.annotations().get("istio.io/dry-run") != Some("true"))
        .map(|(object, policy)| {
            Policy::of(
                object.namespace().unwrap_or("default"),
                object.name(),
                policy,
            )
        })
        .collect();
        policies.sort_by(|a, b| a.object.cmp(&b.object));
        Self {
            policies,
            tokens: RequestAuthentications::read(model, settings, unread),
            root_namespace: settings.root_namespace.clone(),
            trusted_proxies: settings.trusted_proxies,
        }
    }

    /// The addresses from which a request came before it came by proxies, as the header `X-Forwarded-For` tells them.
    fn remote_ips(&self, enforcer: &Enforcer<'_>, conversation: &Conversation<'_>) -> Vec<IpAddr> {
        let header = conversation
            .request
            .and_then(|request| request.header(FORWARDED_FOR));
        let hop = match enforcer {
            Enforcer::Ztunnel(_) => None,
            Enforcer::Sidecar(_) | Enforcer::Waypoint { .. } => Some(0),
            Enforcer::Gateway(pod) => trusted_proxies(pod)
                .unwrap_or(self.trusted_proxies)
                .checked_sub(1),
        };
        let told = header.zip(hop).and_then(|(header, hop)| {
            let mut hops = header.rsplit(',');
            hops.nth(hop)?.trim().parse().ok()
        });
        told.map_or_else(|| conversation.source_ips.to_vec(), |address| vec![address])
    }

    /// The ports that rules name.
    pub(crate) fn named_ports(&self) -> impl Iterator<Item = u16> {
        let rules = || self.policies.iter().flat_map(|policy| &policy.rules);
        let operations = rules()
            .flat_map(|rule| rule.to.iter().flatten())
            .filter_map(|to| to.operation.as_ref());
        let conditions = rules()
            .flat_map(|rule| rule.when.iter().flatten())
            .filter(|when| when.key == "destination.port");
        let of_operations =
            operations.flat_map(|operation| operation.ports.iter().chain(&operation.not_ports));
        let of_conditions = conditions.flat_map(|when| when.values.iter().chain(&when.not_values));
        of_operations
            .chain(of_conditions)
            .filter_map(|port| port.parse().ok())
    }

    /// The blocks of addresses that rules name.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Block> {
        let rules = || self.policies.iter().flat_map(|policy| &policy.rules);
        let sources = rules()
            .flat_map(|rule| rule.from.iter().flatten())
            .filter_map(|from| from.source.as_ref());
        let conditions = rules()
            .flat_map(|rule| rule.when.iter().flatten())
            .filter(|when| when.key.ends_with(".ip"));
        let of_sources = sources.flat_map(|source| {
            let lists = [
                &source.ip_blocks,
                &source.not_ip_blocks,
                &source.remote_ip_blocks,
                &source.not_remote_ip_blocks,
            ];
            lists.into_iter().flatten()
        });
        let of_conditions = conditions.flat_map(|when| when.values.iter().chain(&when.not_values));
        of_sources
            .chain(of_conditions)
            .filter_map(|block| block.parse().ok())
    }

    /// The policies that a proxy enforces.
    pub(crate) fn of<'s>(&'s self, enforcer: Enforcer<'s>) -> impl Iterator<Item = &'s Policy> {
        self.policies
            .iter()
            .filter(move |policy| holds(&policy.attached(), &enforcer, &self.root_namespace))
    }

    /// Whether a policy is about a pod by its namespace and labels.
    pub(crate) fn selects(&self, policy: &Policy, pod: &Pod) -> bool {
        selects(&policy.attached(), pod, &self.root_namespace)
    }

    /// Whether a proxy lets a conversation through, and which policy decides.
    pub(crate) fn judge(
        &self,
        enforcer: Enforcer<'_>,
        conversation: &Conversation<'_>,
    ) -> Vec<Step> {
        let layer = enforcer.layer();
        let policies: Vec<_> = self.of(enforcer).collect();
        let is_ztunnel = matches!(enforcer, Enforcer::Ztunnel(_));
        let (token, looked_at) = self.tokens.look(&enforcer, conversation.request);
        let remote_ips = self.remote_ips(&enforcer, conversation);
        let asked = |policy: &Policy, rule: &Rule| match is_ztunnel {
            true => ztunnel::matches(policy, rule, conversation),
            false => rule_matches(policy, rule, conversation, &remote_ips, token),
        };
        let first = |policy: &Policy| {
            let mut depends = None;
            for (index, rule) in policy.rules.iter().enumerate() {
                match asked(policy, rule) {
                    Truth::Yes => return Some((index, Truth::Yes)),
                    Truth::If(condition) => {
                        depends = depends.or(Some((index, Truth::If(condition))))
                    }
                    Truth::No => {}
                }
            }
            depends
        };
        let step = |policy: &Policy, index: usize, verdict, reason: String| {
            Step::new(layer, verdict, reason).by(&policy.object, format!("spec.rules[{index}]"))
        };
        let mut steps: Vec<Step> = looked_at.into_iter().collect();
        let of = |action: AuthorizationAction| {
            policies
                .iter()
                .filter(move |policy| policy.action == action)
        };
        if !is_ztunnel {
            for policy in of(AuthorizationAction::Custom) {
                if let Some((index, _)) = first(policy) {
                    let provider = policy
                        .provider
                        .as_deref()
                        .unwrap_or("the external authorizer");
                    steps.push(step(
                        policy,
                        index,
                        Verdict::Depends,
                        format!("{provider} allows it"),
                    ));
                }
            }
        }
        for policy in of(AuthorizationAction::Deny) {
            match first(policy) {
                Some((index, Truth::Yes)) => {
                    steps.push(step(
                        policy,
                        index,
                        Verdict::Refused,
                        "a DENY rule matches".to_owned(),
                    ));
                    return steps;
                }
                Some((index, Truth::If(condition))) => {
                    steps.push(step(
                        policy,
                        index,
                        Verdict::Depends,
                        format!("it is not denied, as it would be if {condition}"),
                    ));
                }
                _ => {}
            }
        }
        let mut depends = None;
        let mut has_allow = None;
        for policy in of(AuthorizationAction::Allow) {
            has_allow = has_allow.or(Some(policy));
            match first(policy) {
                Some((index, Truth::Yes)) => {
                    steps.push(step(
                        policy,
                        index,
                        Verdict::Allowed,
                        "an ALLOW rule matches".to_owned(),
                    ));
                    return steps;
                }
                Some((index, Truth::If(condition))) => {
                    depends = depends.or(Some((policy, index, condition)))
                }
                _ => {}
            }
        }
        steps.push(match (has_allow, depends) {
            (None, _) => Step::new(
                layer,
                Verdict::Allowed,
                "no ALLOW policy is there, and no DENY matches",
            ),
            (Some(_), Some((policy, index, condition))) => {
                step(policy, index, Verdict::Depends, condition)
            }
            (Some(policy), None) => Step::new(
                layer,
                Verdict::Refused,
                "ALLOW policies are there, and none matches",
            )
            .by(&policy.object, ""),
        });
        steps
    }
}

pub(super) const FORWARDED_FOR: &str = "x-forwarded-for";

/// What a gateway's pod says itself of the proxies before it.
fn trusted_proxies(pod: &Pod) -> Option<usize> {
    let config = pod.annotations.get("proxy.istio.io/config")?;
    let config: serde_json::Value = kube_yaml::from_str(config).ok()?;
    let number = config.pointer("/gatewayTopology/numTrustedProxies")?;
    number.as_u64()?.try_into().ok()
}

/// To what a policy of the mesh is attached.
pub(super) struct Attached<'a> {
    pub(super) namespace: &'a str,
    pub(super) selector: &'a BTreeMap<String, String>,
    pub(super) targets: &'a [Target],
}

fn selects(policy: &Attached<'_>, pod: &Pod, root: &str) -> bool {
    policy.targets.is_empty()
        && (policy.namespace == root || policy.namespace == pod.name.namespace)
        && selected(policy.selector, &pod.labels)
}

/// Whether a proxy enforces a policy.
pub(super) fn holds(policy: &Attached<'_>, enforcer: &Enforcer<'_>, root: &str) -> bool {
    match enforcer {
        Enforcer::Ztunnel(pod) | Enforcer::Sidecar(pod) => selects(policy, pod, root),
        Enforcer::Gateway(pod) => {
            let name = pod.labels.get("gateway.networking.k8s.io/gateway-name");
            let targeted = policy.namespace == pod.name.namespace
                && policy
                    .targets
                    .iter()
                    .any(|target| target.kind == "Gateway" && Some(&target.name) == name);
            selects(policy, pod, root) || targeted
        }
        Enforcer::Waypoint {
            waypoint,
            service,
            entry,
        } => policy
            .targets
            .iter()
            .any(|target| match target.kind.as_str() {
                "Gateway" => policy.namespace == waypoint.namespace && target.name == waypoint.name,
                "GatewayClass" => policy.namespace == root && target.name == "istio-waypoint",
                "Service" => service.is_some_and(|service| {
                    policy.namespace == service.name.namespace && target.name == service.name.name
                }),
                "ServiceEntry" => entry.is_some_and(|entry| {
                    policy.namespace == entry.namespace && target.name == entry.name
                }),
                _ => false,
            }),
    }
}

/// Whether labels have all that a selector asks for.
pub(super) fn selected(selector: &BTreeMap<String, String>, labels: &LabelMap) -> bool {
    selector
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

impl Target {
    pub(super) fn of(target: &PolicyTargetReference) -> Self {
        Self {
            kind: target.kind.clone(),
            name: target.name.clone(),
        }
    }
}

impl Policy {
    fn attached(&self) -> Attached<'_> {
        Attached {
            namespace: &self.namespace,
            selector: &self.selector,
            targets: &self.targets,
        }
    }

    fn of(namespace: &str, name: &str, policy: AuthorizationPolicy) -> Self {
        let spec = policy.spec.unwrap_or_default();
        let targets = spec.target_refs.iter().chain(&spec.target_ref);
        Self {
            object: format!("AuthorizationPolicy {namespace}/{name}"),
            namespace: namespace.to_owned(),
            selector: spec
                .selector
                .and_then(|selector| selector.match_labels)
                .unwrap_or_default(),
            targets: targets.map(Target::of).collect(),
            action: spec.action.unwrap_or(AuthorizationAction::Allow),
            provider: spec.provider.and_then(|provider| provider.name),
            rules: spec.rules.unwrap_or_default(),
        }
    }
}
