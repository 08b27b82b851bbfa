//! Rules of routes that never take a request.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::RouteKind;
use stack_model::Value;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "shadowed-rule",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A rule of a route never takes a request",
    explanation: "Another rule has the same matches for the same host of the same listener, and comes first: by age of its \
        route, by name, or by position. Requests never reach this one.",
    remedy: "make one of the two matches more specific, or take one away",
    silent: "Routes of different kinds; ages that are not in the input: then the name decides.",
    failing: include_str!("../../fixtures/shadowed-rule/failing.yaml"),
    passing: include_str!("../../fixtures/shadowed-rule/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for listener in 0..context.routing.listeners().len() {
        // Who comes first takes the request: routes stand in their order of precedence.
        let mut taken: HashMap<(Option<&str>, RouteKind, String), (usize, usize)> = HashMap::new();
        for (position, hosts) in context.routing.attached(listener) {
            let route = &context.routing.routes()[*position];
            if !matches!(route.kind, RouteKind::Http | RouteKind::Grpc) {
                continue;
            }
            for (number, rule) in route.rules().iter().enumerate() {
                let matches = matches_of(rule);
                let mut winner = None;
                let mut is_free = false;
                for host in hosts {
                    for matched in &matches {
                        let key = (host.as_deref(), route.kind, matched.clone());
                        match taken.get(&key) {
                            Some(first) => winner = Some(*first),
                            None => {
                                is_free = true;
                                taken.insert(key, (*position, number));
                            }
                        }
                    }
                }
                if let Some((first, rule)) = winner.filter(|_| !is_free) {
                    let winner = context.routing.routes()[first].entry;
                    let owner = context.routing.listeners()[listener].owner;
                    if [winner, route.entry, owner]
                        .iter()
                        .any(|entry| context.is_ambiguous(entry))
                    {
                        continue;
                    }
                    sink.report(
                        route.entry,
                        path(&format!("spec.rules[{number}]")),
                        format!("{winner}, rule {rule}, takes all its requests"),
                    );
                }
            }
        }
    }
}

/// The matches of a rule with their defaults, in one form each.
fn matches_of(rule: &Value) -> Vec<String> {
    let list = rule
        .get("matches")
        .and_then(Value::as_array)
        .filter(|matches| !matches.is_empty());
    let Some(list) = list else {
        return vec![normal(&Value::Null)];
    };
    list.iter().map(normal).collect()
}

fn normal(matched: &Value) -> String {
    let text = |value: &Value, member: &str| {
        value
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut parts = Vec::new();
    let path = matched.get("path");
    let kind = path
        .map(|path| text(path, "type"))
        .filter(|kind| !kind.is_empty())
        .unwrap_or_else(|| "PathPrefix".to_owned());
    let value = path
        .map(|path| text(path, "value"))
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| "/".to_owned());
    parts.push(format!("{kind} {value}"));
    parts.push(
        matched
            .get("method")
            .map(Value::to_string)
            .unwrap_or_default(),
    );
    for member in ["headers", "queryParams"] {
        let conditions = matched
            .get(member)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut rows: Vec<String> = conditions
            .map(|row| {
                format!(
                    "{member} {} {} {}",
                    text(row, "name").to_lowercase(),
                    text(row, "type"),
                    text(row, "value")
                )
            })
            .collect();
        rows.sort();
        parts.extend(rows);
    }
    parts.join("\n")
}
