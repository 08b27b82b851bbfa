//! Configurations of admission webhooks.

use serde_json::Value;

use super::names;
use super::rule::{Findings, items, present, str_of};

pub(super) fn configuration(object: &Value, findings: &mut Findings<'_>) {
    let webhooks: Vec<_> = items(object, "webhooks", "")
        .into_iter()
        .map(|(at, webhook)| (at.trim_start_matches('.').to_owned(), webhook))
        .collect();
    for (at, webhook) in &webhooks {
        check(webhook, at, findings);
    }
    findings.unique(
        webhooks
            .iter()
            .filter_map(|(at, webhook)| Some((format!("{at}.name"), str_of(webhook, "name")?))),
    );
}

fn check(webhook: &Value, at: &str, findings: &mut Findings<'_>) {
    if let Some(name) = str_of(webhook, "name")
        && !(names::is_subdomain(name) && name.split('.').count() >= 3)
    {
        let message = format!("\"{name}\" must be a DNS name of at least three parts");
        findings.add(format!("{at}.name"), message);
    }
    findings.one_of(webhook, "sideEffects", at, &["None", "NoneOnDryRun"]);
    findings.one_of(webhook, "failurePolicy", at, &["Ignore", "Fail"]);
    findings.one_of(webhook, "matchPolicy", at, &["Exact", "Equivalent"]);
    findings.one_of(webhook, "reinvocationPolicy", at, &["Never", "IfNeeded"]);
    let seconds = webhook.get("timeoutSeconds").and_then(Value::as_i64);
    if let Some(seconds) = seconds.filter(|seconds| !(1..=30).contains(seconds)) {
        let message = format!("{seconds} must be from 1 to 30");
        findings.add(format!("{at}.timeoutSeconds"), message);
    }
    let versions = items(webhook, "admissionReviewVersions", at);
    if !versions
        .iter()
        .any(|(_, version)| matches!(version.as_str(), Some("v1" | "v1beta1")))
        && webhook.get("admissionReviewVersions").is_some()
    {
        let message = "must have v1 or v1beta1, which are what a server speaks";
        findings.add(format!("{at}.admissionReviewVersions"), message);
    }
    if let Some(client) = webhook
        .get("clientConfig")
        .filter(|client| client.is_object())
    {
        address(client, &format!("{at}.clientConfig"), findings);
    }
    for (at, rule) in items(webhook, "rules", at) {
        self::rule(rule, &at, findings);
    }
}

fn address(client: &Value, at: &str, findings: &mut Findings<'_>) {
    if present(client, &["url", "service"]).len() != 1 {
        findings.add(at, "must have one of: url, service");
    }
    if let Some(url) = str_of(client, "url")
        && url
            .strip_prefix("https://")
            .is_none_or(|rest| rest.is_empty() || rest.starts_with('/'))
    {
        let message = format!("\"{url}\" must be the address of a host, with https://");
        findings.add(format!("{at}.url"), message);
    }
    if let Some(service) = client.get("service").filter(|service| service.is_object()) {
        let at = format!("{at}.service");
        if let Some(port) = service.get("port").filter(|port| !port.is_null()) {
            findings.port(port, format!("{at}.port"));
        }
        if let Some(path) = str_of(service, "path").filter(|path| !path.starts_with('/')) {
            let message = format!("\"{path}\" must start with '/'");
            findings.add(format!("{at}.path"), message);
        }
    }
}

fn rule(rule: &Value, at: &str, findings: &mut Findings<'_>) {
    findings.one_of(rule, "scope", at, &["*", "Cluster", "Namespaced"]);
    for member in ["operations", "apiGroups", "apiVersions", "resources"] {
        let values = items(rule, member, at);
        if values.is_empty() {
            findings.add(format!("{at}.{member}"), "is required");
        }
        let all = values.iter().any(|(_, value)| value.as_str() == Some("*"));
        if all && values.len() > 1 && member != "resources" {
            let message = "must have nothing beside \"*\"";
            findings.add(format!("{at}.{member}"), message);
        }
        for (at, value) in values {
            let text = value.as_str().unwrap_or_default();
            let operations = ["*", "CREATE", "UPDATE", "DELETE", "CONNECT"];
            if member == "operations" && !operations.contains(&text) {
                let message = format!("\"{text}\" is not one of: {}", operations.join(", "));
                findings.add(at, message);
            }
        }
    }
}
