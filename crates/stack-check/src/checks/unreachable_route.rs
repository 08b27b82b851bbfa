//! Rules of a VirtualService behind one that takes everything.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::list;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::kube_value::Map;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "unreachable-route",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A rule stands behind one that takes everything",
    explanation: "Istio takes the first rule of a VirtualService that matches. Behind a rule without a match, or \
        with the same match, no request arrives.",
    remedy: "move the rule up, or take it away",
    silent: "Matches that overlap without being equal.",
    failing: include_str!("../../fixtures/unreachable-route/failing.yaml"),
    passing: include_str!("../../fixtures/unreachable-route/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context
        .model
        .objects("networking.istio.io", "VirtualService")
    {
        for protocol in ["http", "tcp", "tls"] {
            let mut all: Option<usize> = None;
            let mut seen: HashMap<String, usize> = HashMap::new();
            let rules = entry.items_at(&format!("spec.{protocol}"));
            for (number, rule) in rules.iter().enumerate() {
                let matches = list(rule, "match");
                let texts: Vec<String> = matches.iter().map(without_name).collect();
                let hidden = all.or_else(|| {
                    let winners: Option<Vec<usize>> =
                        texts.iter().map(|text| seen.get(text).copied()).collect();
                    winners
                        .filter(|winners| !winners.is_empty())?
                        .into_iter()
                        .max()
                });
                if let Some(first) = hidden {
                    let at = format!("spec.{protocol}[{number}]");
                    sink.report(
                        entry,
                        path(&at),
                        format!("rule {first} takes all its requests"),
                    );
                }
                if matches.is_empty() {
                    all = all.or(Some(number));
                }
                for text in texts {
                    seen.entry(text).or_insert(number);
                }
            }
        }
    }
}

/// A match as text. Its name is for logs alone.
fn without_name(matched: &Value) -> String {
    let Some(members) = matched.as_object() else {
        return matched.to_string();
    };
    let others = members.iter().filter(|(key, _)| *key != "name");
    let others: Map = others
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(others).to_string()
}
