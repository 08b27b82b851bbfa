//! AuthorizationPolicy, as the proxies enforce it.

use std::collections::HashMap;
use std::net::IpAddr;

use istio_types::security::v1::{AuthorizationAction, AuthorizationPolicy, Rule};
use stack_model::Model;

use super::attachment::{holds, selects};
use super::by_selector::BySelector;
use super::conversation::{Conversation, Enforcer};
use super::policy::{FORWARDED_FOR, Policy};
use super::proxy::rule_matches;
use super::request_auth::RequestAuthentications;
use super::ztunnel;
use crate::address::Block;
use crate::answer::{Step, Verdict};
use crate::policy::Truth;
use crate::world::{Pod, PodIndex};
use crate::{Settings, Unread};

/// All AuthorizationPolicies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Authorization {
    pub(crate) policies: Vec<Policy>,
    by_selector: BySelector,
    /// Policies that name targets, by their namespace.
    with_targets: HashMap<String, Vec<usize>>,
    pub(super) tokens: RequestAuthentications,
    root_namespace: String,
    /// How many proxies before a gateway are trusted to tell their clients' addresses.
    trusted_proxies: usize,
}

impl Authorization {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut policies: Vec<_> = super::reading::read_all::<AuthorizationPolicy>(
            model,
            "security.istio.io",
            "AuthorizationPolicy",
            unread,
        )
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
        let mut with_targets: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, policy) in policies.iter().enumerate() {
            if !policy.targets.is_empty() {
                let places = with_targets.entry(policy.namespace.clone()).or_default();
                places.push(place);
            }
        }
        Self {
            by_selector: BySelector::of(
                policies
                    .iter()
                    .map(|policy| (policy.namespace.as_str(), &policy.selector)),
            ),
            with_targets,
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
        self.near(&enforcer)
            .into_iter()
            .filter_map(|place| self.policies.get(place))
            .filter(move |policy| holds(&policy.attached(), &enforcer, &self.root_namespace))
    }

    /// The places of policies among which are all that a proxy enforces, in their order.
    fn near(&self, enforcer: &Enforcer<'_>) -> Vec<usize> {
        let (mut places, homes) = match enforcer {
            Enforcer::Ztunnel(pod) | Enforcer::Sidecar(pod) => {
                return self.by_selector.of_pod(pod, &self.root_namespace);
            }
            Enforcer::Gateway(pod) => (
                self.by_selector.of_pod(pod, &self.root_namespace),
                vec![pod.name.namespace.as_str()],
            ),
            Enforcer::Waypoint {
                waypoint,
                service,
                entry,
            } => {
                let mut homes = vec![waypoint.namespace.as_str(), &self.root_namespace];
                homes.extend(service.map(|service| service.name.namespace.as_str()));
                homes.extend(entry.map(|entry| entry.namespace.as_str()));
                (Vec::new(), homes)
            }
        };
        let with_targets = homes
            .into_iter()
            .filter_map(|home| self.with_targets.get(home));
        places.extend(with_targets.flatten());
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether a policy is about a pod, by its namespace and labels.
    pub(crate) fn is_selected(&self, pod: &Pod) -> bool {
        let places = self.by_selector.of_pod(pod, &self.root_namespace);
        let mut policies = places
            .into_iter()
            .filter_map(|place| self.policies.get(place));
        policies.any(|policy| self.selects(policy, pod))
    }

    /// Pods among which are all that a policy is about by its namespace and labels.
    pub(crate) fn pods_near<'p>(&self, policy: &Policy, pods: &'p PodIndex) -> &'p [usize] {
        let home = (policy.namespace != self.root_namespace).then_some(policy.namespace.as_str());
        pods.with_all(home, &policy.selector)
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

/// What a gateway's pod says itself of the proxies before it.
fn trusted_proxies(pod: &Pod) -> Option<usize> {
    let config = pod.annotations.get("proxy.istio.io/config")?;
    let config: serde_json::Value = kube_yaml::from_str(config).ok()?;
    let number = config.pointer("/gatewayTopology/numTrustedProxies")?;
    number.as_u64()?.try_into().ok()
}
