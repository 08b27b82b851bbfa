//! Secrets that everybody can read.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::Entry;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "secret-in-plain-text",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A secret stands where everybody can read it",
    explanation: "A private key or an access token stands in a ConfigMap, a variable or an argument. It is shown \
        by every listing, and kept in every repository and backup.",
    remedy: "put it into a Secret, and refer to that",
    silent: "Passwords, which nobody can tell from other words.",
    failing: include_str!("../../fixtures/secret-in-plain-text/failing.yaml"),
    passing: include_str!("../../fixtures/secret-in-plain-text/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for map in context.model.objects("", "ConfigMap") {
        for (key, value) in map
            .at("data")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            look(
                map,
                value,
                || FieldPath::root().field("data").key(key.as_str()),
                sink,
            );
        }
    }
    for workload in context.model.workloads() {
        for container in workload.containers() {
            for member in ["command", "args"] {
                for (number, word) in container.items(member).iter().enumerate() {
                    look(
                        workload.template_entry(),
                        word,
                        || container.path().field(member).index(number),
                        sink,
                    );
                }
            }
            for (number, variable) in container.items("env").iter().enumerate() {
                let at = || container.path().field("env").index(number).field("value");
                look(
                    workload.template_entry(),
                    variable.get("value").unwrap_or(&Value::Null),
                    at,
                    sink,
                );
            }
        }
    }
}

fn look(entry: &Entry, value: &Value, at: impl Fn() -> FieldPath, sink: &mut Sink<'_, '_>) {
    if let Some(what) = value.as_str().and_then(secret_in) {
        sink.report(entry, at(), format!("holds {what}"));
    }
}

/// What a text gives away, if its form leaves no doubt.
fn secret_in(text: &str) -> Option<&'static str> {
    const TOKENS: [(&str, usize, &str); 9] = [
        ("AKIA", 16, "an access key of AWS"),
        ("ghp_", 36, "a token of GitHub"),
        ("gho_", 36, "a token of GitHub"),
        ("github_pat_", 60, "a token of GitHub"),
        ("glpat-", 20, "a token of GitLab"),
        ("xoxb-", 30, "a token of Slack"),
        ("xoxp-", 30, "a token of Slack"),
        ("sk_live_", 20, "a key of Stripe"),
        ("AIza", 35, "a key of Google"),
    ];
    let begins = [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ];
    if begins.iter().any(|begin| text.contains(begin)) {
        return Some("a private key");
    }
    TOKENS.iter().find_map(|(prefix, length, what)| {
        text.match_indices(prefix).find_map(|(at, _)| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let starts = !text[..at].ends_with(is_part);
            let token: String = text[at + prefix.len()..]
                .chars()
                .take_while(|c| is_part(*c))
                .collect();
            // Examples repeat letters, or say that they are examples.
            let mut letters: Vec<char> = token.chars().collect();
            letters.sort_unstable();
            letters.dedup();
            let is_real = token.len() >= *length
                && letters.len() > 8
                && !token.to_uppercase().contains("EXAMPLE");
            (starts && is_real).then_some(*what)
        })
    })
}
