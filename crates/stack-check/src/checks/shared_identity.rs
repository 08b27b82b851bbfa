//! Identities in policies that several applications share.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Labels, Purpose, Workload, WorkloadKind};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: "shared-identity",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A policy trusts an account that several applications share",
    explanation: "An AuthorizationPolicy lets a service account in. Several applications run as this account, so \
        that all of them are let in.",
    remedy: "give each application a service account of its own",
    silent: "Workloads that are not in the input, Jobs and CronJobs; those with the same `app` or `app.kubernetes.io/name`.",
    failing: include_str!("../../fixtures/shared-identity/failing.yaml"),
    passing: include_str!("../../fixtures/shared-identity/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut by_account: BTreeMap<(&str, &str), BTreeMap<&str, Vec<&Entry>>> = BTreeMap::new();
    let mut policies = context
        .model
        .objects("security.istio.io", "AuthorizationPolicy")
        .peekable();
    if policies.peek().is_none() {
        return;
    }
    for workload in context.model.workloads() {
        // What runs to its end is a tool of the application whose account it has.
        if matches!(workload.kind(), WorkloadKind::Job | WorkloadKind::CronJob) {
            continue;
        }
        let account = (workload.namespace(), workload.service_account());
        by_account
            .entry(account)
            .or_default()
            .entry(application(&workload))
            .or_default()
            .push(workload.entry());
    }
    by_account.retain(|_, applications| applications.len() > 1);
    if by_account.is_empty() {
        return;
    }
    for policy in policies {
        let denies = policy.text_at("spec.action") == Some("DENY");
        for reference in context.model.references_of(policy) {
            if reference.purpose != Purpose::Principal || denies {
                continue;
            }
            let account = (reference.namespace.unwrap_or_default(), reference.name);
            let Some(applications) = by_account.get(&account) else {
                continue;
            };
            if reference.path.to_string().contains("notPrincipals") {
                continue;
            }
            let is_near = |entry: &&Entry| context.are_near(policy, entry);
            let near = applications
                .iter()
                .filter(|(_, workloads)| workloads.iter().any(is_near));
            let names: Vec<&str> = near.map(|(name, _)| *name).collect();
            if names.len() < 2 {
                continue;
            }
            let message = format!("{} run as {}/{}", names.join(", "), account.0, account.1);
            sink.report(policy, reference.path.to_field_path(), message);
        }
    }
}

/// What an application is called: several workloads may be parts of one.
fn application<'m>(workload: &Workload<'m>) -> &'m str {
    let labels: Labels<'m> = workload.labels();
    [
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/name",
        "app",
        "k8s-app",
    ]
    .iter()
    .find_map(|key| labels.get(key))
    .unwrap_or(workload.name())
}
