//! Policies and routes on tokens that nobody checks.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{at, list};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Entry, Extent, Selector};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "claims-without-authentication",
    group: Group::References,
    severity: Severity::Warning,
    title: "A policy asks for a token that nobody checks",
    explanation: "An AuthorizationPolicy asks for the principal or a claim of a token. Without a \
        RequestAuthentication for the same pods no token is ever checked: the rule never matches.",
    remedy: "add a RequestAuthentication that selects the same pods",
    silent: "In a part of a stack, inputs without any RequestAuthentication. Policies with `targetRefs`.",
    failing: include_str!("../../fixtures/claims-without-authentication/failing.yaml"),
    passing: include_str!("../../fixtures/claims-without-authentication/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let checks = || model.objects("security.istio.io", "RequestAuthentication");
    let in_root = checks().any(|check| check.namespace() == Some("istio-system"));
    if in_root || (context.extent == Extent::Part && checks().next().is_none()) {
        return;
    }
    let mut by_namespace: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for check in checks() {
        by_namespace
            .entry(check.namespace().unwrap_or_default())
            .or_default()
            .push(check);
    }
    for policy in model.objects("security.istio.io", "AuthorizationPolicy") {
        if policy.at("spec.targetRefs").is_some() || policy.at("spec.targetRef").is_some() {
            continue;
        }
        let namespace = policy.namespace().unwrap_or_default();
        let checks = by_namespace
            .get(namespace)
            .map_or(&[] as &[_], Vec::as_slice);
        let is_checked = checks.iter().any(|check| {
            // A check that selects in another way may be for the same pods.
            let own = check.at("spec.selector").or(check.at("spec.targetRefs"));
            own.is_none()
                || own == policy.at("spec.selector")
                || shares_pods(context, check, policy)
        });
        // Whoever applies the policy may apply a check from elsewhere.
        let is_known = context.extent == Extent::Whole
            || checks.iter().any(|check| context.are_near(check, policy))
            || model
                .objects("security.istio.io", "RequestAuthentication")
                .any(|check| context.are_beside(check, policy));
        if is_checked || !is_known || policy.text_at("spec.action") == Some("DENY") {
            continue;
        }
        for (number, rule) in policy.items_at("spec.rules").iter().enumerate() {
            if asks_for_token(rule) {
                let message = "no RequestAuthentication checks tokens for these pods";
                sink.report(policy, path(&format!("spec.rules[{number}]")), message);
            }
        }
    }
}

fn shares_pods(context: &Context<'_>, one: &Entry, other: &Entry) -> bool {
    let pods = |entry: &Entry| {
        let selector = match entry.at("spec.selector") {
            None => Selector::everything(),
            Some(selector) => Selector::read(selector).ok()?,
        };
        Some(
            context
                .model
                .select_workloads(entry.namespace()?, &selector),
        )
    };
    match (pods(one), pods(other)) {
        (Some(one), Some(other)) => one.iter().any(|workload| other.contains(workload)),
        _ => true,
    }
}

fn asks_for_token(rule: &Value) -> bool {
    let by_caller = list(rule, "from")
        .iter()
        .filter_map(|from| at(from, "source"));
    let mut keys = list(rule, "when")
        .iter()
        .filter_map(|when| at(when, "key")?.as_str());
    by_caller
        .into_iter()
        .any(|source| !list(source, "requestPrincipals").is_empty())
        || keys.any(|key| key.starts_with("request.auth."))
}
