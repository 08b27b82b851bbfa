//! Security contexts of pods and containers.

use serde_json::Value;

use super::rule::{Findings, items};

pub(super) fn check_pod(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(context) = spec.get("securityContext") {
        let at = format!("{path}.securityContext");
        findings.not_negative(context, "fsGroup", &at);
        let policies = ["Always", "OnRootMismatch"];
        findings.one_of(context, "fsGroupChangePolicy", &at, &policies);
        shared(context, &at, findings);
    }
}

pub(super) fn check_container(container: &Value, path: &str, findings: &mut Findings<'_>) {
    let Some(context) = container.get("securityContext") else {
        return;
    };
    let at = format!("{path}.securityContext");
    shared(context, &at, findings);
    findings.one_of(context, "procMount", &at, &["Default", "Unmasked"]);
    let is = |member: &str, flag: bool| context.get(member) == Some(&Value::Bool(flag));
    let admin = items(
        context.get("capabilities").unwrap_or(&Value::Null),
        "add",
        "",
    )
    .iter()
    .any(|(_, capability)| capability.as_str() == Some("CAP_SYS_ADMIN"));
    if is("allowPrivilegeEscalation", false) && (is("privileged", true) || admin) {
        findings.add(
            at,
            "a container that is privileged, or has CAP_SYS_ADMIN, cannot have allowPrivilegeEscalation: false",
        );
    }
}

fn shared(context: &Value, path: &str, findings: &mut Findings<'_>) {
    for member in ["runAsUser", "runAsGroup"] {
        findings.not_negative(context, member, path);
    }
    for member in ["seccompProfile", "appArmorProfile"] {
        let Some(profile) = context.get(member) else {
            continue;
        };
        let at = format!("{path}.{member}");
        let kinds = ["Localhost", "RuntimeDefault", "Unconfined"];
        findings.one_of(profile, "type", &at, &kinds);
        let local = profile.get("type").and_then(Value::as_str) == Some("Localhost");
        let named = profile
            .get("localhostProfile")
            .is_some_and(|name| !name.is_null());
        if local != named {
            let message = "is required where the type is Localhost, and nowhere else";
            findings.add(format!("{at}.localhostProfile"), message);
        }
    }
}
