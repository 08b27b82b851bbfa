//! Alerts and rules on recorded metrics that no rule records.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Extent;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "unrecorded-metric",
    group: Group::References,
    severity: Severity::Warning,
    title: "A rule asks for a recorded metric that nobody records",
    explanation: "By convention a metric with a colon in its name is made by a recording rule. No rule of the \
        stack records this one: the expression is empty, and the alert never fires.",
    remedy: "correct the name, or add the recording rule",
    silent: "Parts of a stack, whose rules may be elsewhere; stacks without any recording rule. Metrics \
        without a colon, which programs export.",
    failing: include_str!("../../fixtures/unrecorded-metric/failing.yaml"),
    passing: include_str!("../../fixtures/unrecorded-metric/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part {
        return;
    }
    let rules = || {
        context
            .model
            .objects("monitoring.coreos.com", "PrometheusRule")
    };
    let recorded: BTreeSet<&str> = rules()
        .flat_map(|entry| entry.items_at("spec.groups"))
        .flat_map(|group| list(group, "rules"))
        .filter_map(|rule| text(rule, "record"))
        .collect();
    if recorded.is_empty() {
        return;
    }
    for entry in rules() {
        for (group, value) in entry.items_at("spec.groups").iter().enumerate() {
            for (number, rule) in list(value, "rules").iter().enumerate() {
                let used = recorded_names(text(rule, "expr").unwrap_or_default());
                for name in used.difference(&recorded) {
                    let at = format!("spec.groups[{group}].rules[{number}].expr");
                    sink.report(entry, path(&at), format!("nobody records `{name}`"));
                }
            }
        }
    }
}

/// The metrics with a colon in a PromQL expression. What stands in quotes, comments or ranges is none.
fn recorded_names(expression: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '"' | '\'' | '`' => Some(first),
            '#' => Some('\n'),
            // A range, which may be written with variables of a dashboard.
            '[' => Some(']'),
            _ => None,
        };
        if let Some(close) = close {
            let inner = &rest[1..];
            rest = inner.split_once(close).map_or("", |(_, behind)| behind);
            continue;
        }
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end.max(first.len_utf8()));
        let is_metric = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.trim_matches(':').contains(':');
        if is_metric {
            found.insert(word);
        }
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::recorded_names;

    #[test]
    fn names_with_a_colon_are_found_outside_quotes_and_ranges() {
        let found = recorded_names(
            r#"sum(job:errors:rate5m{a="b:c"}[5m:1m]) / up > on(x) other:rate + rate(up[$__interval:5m])"#,
        );
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["job:errors:rate5m", "other:rate"]
        );
    }
}
