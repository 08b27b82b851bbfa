//! Authorization at ztunnel, which reads no requests.
//!
//! istiod takes the attributes of requests out of a policy before ztunnel gets it. A rule of an ALLOW policy that has one is
//! dropped whole. Of a rule of a DENY policy the rest stays; but a clause (`from`, `to`, one condition) of which nothing is
//! left never matches, and the rule with it: the DENY does not fire, though the documentation says that it gets stricter.

use istio_types::security::v1::{AuthorizationAction, Condition, Operation, Rule, Source};

use super::conversation::{Conversation, Identity};
use super::policy::Policy;
use super::proxy::blocks_match;
use super::text::matches as text_matches;
use crate::policy::Truth;

/// Whether a rule matches a connection.
pub(super) fn matches(policy: &Policy, rule: &Rule, conversation: &Conversation<'_>) -> Truth {
    if policy.action == AuthorizationAction::Allow && reads_requests(rule) {
        return Truth::No;
    }
    let to = clause(rule.to.as_deref().unwrap_or_default(), |to| {
        to.operation
            .as_ref()
            .and_then(|operation| operation_matches(operation, conversation))
    });
    let from = || {
        clause(rule.from.as_deref().unwrap_or_default(), |from| {
            from.source
                .as_ref()
                .and_then(|source| source_matches(source, &policy.namespace, conversation))
        })
    };
    let when = || {
        rule.when.iter().flatten().fold(Truth::Yes, |so_far, when| {
            so_far.and(|| condition_matches(when, conversation).unwrap_or(Truth::No))
        })
    };
    to.and(from).and(when)
}

/// Whether a rule of a DENY policy can never match here, because all that one of its clauses asks for is of requests.
pub(crate) fn never_fires(rule: &Rule) -> bool {
    let nothing_left = |items: Vec<bool>| !items.is_empty() && items.into_iter().all(|empty| empty);
    nothing_left(
        rule.to
            .iter()
            .flatten()
            .map(|to| {
                to.operation.as_ref().is_none_or(|operation| {
                    operation.ports.is_empty() && operation.not_ports.is_empty()
                })
            })
            .collect(),
    ) || nothing_left(
        rule.from
            .iter()
            .flatten()
            .map(|from| from.source.as_ref().is_none_or(is_empty_source))
            .collect(),
    ) || rule.when.iter().flatten().any(|when| !is_l4(&when.key))
}

/// Whether a rule names an attribute of requests.
pub(crate) fn reads_requests(rule: &Rule) -> bool {
    let operations = rule
        .to
        .iter()
        .flatten()
        .filter_map(|to| to.operation.as_ref());
    let sources = rule
        .from
        .iter()
        .flatten()
        .filter_map(|from| from.source.as_ref());
    operations.into_iter().any(|operation| {
        let lists = [
            &operation.hosts,
            &operation.not_hosts,
            &operation.methods,
            &operation.not_methods,
            &operation.paths,
            &operation.not_paths,
        ];
        lists.iter().any(|list| !list.is_empty())
    }) || sources.into_iter().any(|source| {
        let lists = [
            &source.remote_ip_blocks,
            &source.not_remote_ip_blocks,
            &source.request_principals,
            &source.not_request_principals,
        ];
        lists.iter().any(|list| !list.is_empty())
    }) || rule.when.iter().flatten().any(|when| !is_l4(&when.key))
}

/// One of the items must match; one of which nothing is left does not. Without items everything matches.
fn clause<T>(items: &[T], ask: impl Fn(&T) -> Option<Truth>) -> Truth {
    if items.is_empty() {
        Truth::Yes
    } else {
        Truth::any(items.iter().filter_map(ask))
    }
}

fn operation_matches(operation: &Operation, conversation: &Conversation<'_>) -> Option<Truth> {
    if operation.ports.is_empty() && operation.not_ports.is_empty() {
        return None;
    }
    let listed = |list: &[String]| {
        list.iter()
            .any(|port| port.parse() == Ok(conversation.port))
    };
    Some(Truth::from(
        (operation.ports.is_empty() || listed(&operation.ports)) && !listed(&operation.not_ports),
    ))
}

fn is_empty_source(source: &Source) -> bool {
    let lists = [
        &source.principals,
        &source.not_principals,
        &source.namespaces,
        &source.not_namespaces,
        &source.service_accounts,
        &source.not_service_accounts,
        &source.ip_blocks,
        &source.not_ip_blocks,
    ];
    lists.iter().all(|list| list.is_empty())
}

fn source_matches(source: &Source, home: &str, conversation: &Conversation<'_>) -> Option<Truth> {
    if is_empty_source(source) {
        return None;
    }
    let identity = conversation.identity;
    let principal = identity.map(Identity::principal);
    let account = identity.map(Identity::account);
    let namespace = identity.map(|identity| identity.namespace.as_str());
    let known = texts(
        &source.principals,
        &source.not_principals,
        principal.as_deref(),
    ) && texts(&source.namespaces, &source.not_namespaces, namespace)
        && texts(
            &in_namespace(&source.service_accounts, home),
            &in_namespace(&source.not_service_accounts, home),
            account.as_deref(),
        );
    Some(Truth::from(known).and(|| {
        blocks_match(
            &source.ip_blocks,
            &source.not_ip_blocks,
            conversation.source_ips,
        )
    }))
}

/// Accounts with their namespace: that of the policy where they name none.
fn in_namespace(accounts: &[String], home: &str) -> Vec<String> {
    let full = |account: &String| match account.contains('/') {
        true => account.clone(),
        false => format!("{home}/{account}"),
    };
    accounts.iter().map(full).collect()
}

fn texts(wanted: &[String], unwanted: &[String], value: Option<&str>) -> bool {
    let fits = |list: &[String]| {
        value.is_some_and(|value| list.iter().any(|pattern| text_matches(pattern, value)))
    };
    (wanted.is_empty() || fits(wanted)) && !fits(unwanted)
}

fn is_l4(key: &str) -> bool {
    matches!(
        key,
        "source.ip"
            | "source.namespace"
            | "source.principal"
            | "source.serviceAccount"
            | "destination.ip"
            | "destination.port"
    )
}

fn condition_matches(when: &Condition, conversation: &Conversation<'_>) -> Option<Truth> {
    if !is_l4(&when.key) || (when.values.is_empty() && when.not_values.is_empty()) {
        return None;
    }
    let identity = conversation.identity;
    Some(match when.key.as_str() {
        "source.ip" => blocks_match(&when.values, &when.not_values, conversation.source_ips),
        "destination.ip" => {
            blocks_match(&when.values, &when.not_values, conversation.destination_ips)
        }
        "destination.port" => {
            let listed = |list: &[String]| {
                list.iter()
                    .any(|port| port.parse() == Ok(conversation.port))
            };
            Truth::from(
                (when.values.is_empty() || listed(&when.values)) && !listed(&when.not_values),
            )
        }
        "source.namespace" => texts(
            &when.values,
            &when.not_values,
            identity.map(|identity| identity.namespace.as_str()),
        )
        .into(),
        "source.serviceAccount" => texts(
            &when.values,
            &when.not_values,
            identity.map(Identity::account).as_deref(),
        )
        .into(),
        _ => texts(
            &when.values,
            &when.not_values,
            identity.map(Identity::principal).as_deref(),
        )
        .into(),
    })
}
