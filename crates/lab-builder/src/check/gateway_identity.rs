use gateway_api::v1::HttpRoute;
use istio_types::security::v1::AuthorizationPolicy;
use serde_json::Value;

use super::{Finding, Severity};
use crate::bundle::Bundle;
use crate::object::Object;

/// A backend that only some identities may call must let the gateway in whose routes lead to it.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let gateway = &bundle.wiring().gateway;
    let account = format!("/ns/{}/sa/{}", gateway.namespace, gateway.service_account);
    let allows: Vec<&Object> = bundle
        .objects()
        .filter(|object| {
            object.get::<AuthorizationPolicy>().is_some()
                && object.value()["spec"]["action"] == "ALLOW"
        })
        .collect();
    let lets_in = |policy: &Object| {
        principals(policy).any(|principal| principal == "*" || principal.ends_with(&account))
    };
    for (at, policy) in allows.iter().enumerate() {
        // A caller passes when any of the policies on a workload lets it in.
        let same_workload = |other: &&&Object| {
            other.id().namespace == policy.id().namespace
                && other.value()["spec"]["selector"] == policy.value()["spec"]["selector"]
        };
        let first = !allows.iter().take(at).any(|other| same_workload(&other));
        let reached = allows
            .iter()
            .filter(same_workload)
            .any(|other| lets_in(other));
        if first && !reached && is_routed(bundle, policy) {
            findings.push(Finding {
                severity: Severity::Error,
                check: "gateway-identity",
                subject: policy.id().to_string(),
                path: "spec.rules[].from[].source.principals".into(),
                message: "routes of the gateway lead here, and its ServiceAccount is not let in: they answer 502".into(),
                remedy: format!("add a principal that ends in `{account}`"),
            });
        }
    }
}

fn principals(policy: &Object) -> impl Iterator<Item = &str> {
    let rules = policy.value()["spec"]["rules"]
        .as_array()
        .into_iter()
        .flatten();
    rules
        .flat_map(|rule| rule["from"].as_array().into_iter().flatten())
        .flat_map(|from| {
            from["source"]["principals"]
                .as_array()
                .into_iter()
                .flatten()
        })
        .filter_map(Value::as_str)
}

/// Whether a route leads to what the policy guards; the lab names a Service as its pods' `app` label.
fn is_routed(bundle: &Bundle, policy: &Object) -> bool {
    let guarded = policy.value()["spec"]["selector"]["matchLabels"]["app"].as_str();
    bundle
        .objects()
        .filter(|object| object.get::<HttpRoute>().is_some())
        .any(|route| {
            let rules = route.value()["spec"]["rules"]
                .as_array()
                .into_iter()
                .flatten();
            let mut backends =
                rules.flat_map(|rule| rule["backendRefs"].as_array().into_iter().flatten());
            route.id().namespace == policy.id().namespace
                && backends.any(|backend| guarded.is_none_or(|app| backend["name"] == app))
        })
}
