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
    silent: "Passwords under a name that does not say so; values that only lead to one (a path, a variable, a placeholder), and \
        switches.",
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
            let at = || FieldPath::root().field("data").key(key.as_str());
            if let Some(value) = value.as_str() {
                look_at_name(map, key, value, at, sink);
            }
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
                    let option = word.as_str().and_then(|word| word.split_once('='));
                    if let Some((name, value)) = option.filter(|(name, _)| name.starts_with('-')) {
                        let at = || container.path().field(member).index(number);
                        look_at_name(workload.template_entry(), name, value, at, sink);
                    }
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
                let name = variable.get("name").and_then(Value::as_str);
                let value = variable.get("value").and_then(Value::as_str);
                if let Some((name, value)) = name.zip(value) {
                    look_at_name(workload.template_entry(), name, value, at, sink);
                }
            }
        }
    }
}

/// How names of passwords end, as variables of an environment are written. Not those of API keys: many a server wants one and reads
/// none, and gets a word such as `not-needed`.
const PASSWORDS: [&str; 5] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET_ACCESS_KEY",
    "SECRET_KEY",
];

/// Reports a value under the name of a password, unless it only leads to one.
fn look_at_name(
    entry: &Entry,
    name: &str,
    value: &str,
    at: impl Fn() -> FieldPath,
    sink: &mut Sink<'_, '_>,
) {
    let name = name.trim_start_matches('-').to_uppercase();
    let name = name.replace(['-', '.'], "_");
    let is_password = PASSWORDS.iter().any(|end| {
        let before = name.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
    });
    // A sentence is no password.
    let leads = value.starts_with(['/', '<', '@'])
        || value.contains(char::is_whitespace)
        || ["$", "{{", "://", "%"]
            .iter()
            .any(|mark| value.contains(mark));
    let is_switch = matches!(
        value.to_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "0" | "1" | "none" | "null" | "optional" | "required"
    );
    if is_password && !leads && !is_switch && !value.trim().is_empty() && secret_in(value).is_none()
    {
        sink.report(entry, at(), "holds a password");
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
