use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stack_builder::{Bundle, Finding, Object};

use super::{error, items};
use crate::wiring::Wiring;

/// The policies on one workload: a caller passes when any of them lets it in.
struct Guarded<'a> {
    first: &'a Object,
    lets_in: bool,
}

/// A backend that only some identities may call must let the gateway in whose routes lead to it.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(Wiring { gateway, .. }) = bundle.wiring() else {
        return;
    };
    let account = format!("/ns/{}/sa/{}", gateway.namespace, gateway.service_account);
    let lets_in = |policy: &Object| {
        principals(policy).any(|principal| principal == "*" || principal.ends_with(&account))
    };
    let mut workloads: BTreeMap<(Option<&str>, String), Guarded<'_>> = BTreeMap::new();
    let policies = bundle.of_kind("security.istio.io", "AuthorizationPolicy");
    for policy in policies.filter(|policy| policy.value()["spec"]["action"] == "ALLOW") {
        let selector = policy.value()["spec"]["selector"].to_string();
        let guarded = workloads
            .entry((policy.id().namespace.as_deref(), selector))
            .or_insert(Guarded {
                first: policy,
                lets_in: false,
            });
        guarded.lets_in |= lets_in(policy);
    }
    let routed = routed(bundle);
    for ((namespace, _), guarded) in &workloads {
        let policy = guarded.first;
        // The lab names a Service as its pods' `app` label.
        let app = policy.value()["spec"]["selector"]["matchLabels"]["app"].as_str();
        let backends = routed.get(namespace);
        let is_routed = backends.is_some_and(|names| app.is_none_or(|app| names.contains(app)));
        if is_routed && !guarded.lets_in {
            findings.push(error(
                "gateway-identity",
                policy.id(),
                "spec.rules",
                "routes of the gateway lead here, and its ServiceAccount is not let in: they answer 502",
                format!("add a principal that ends in `{account}`"),
            ));
        }
    }
}

fn principals(policy: &Object) -> impl Iterator<Item = &str> {
    items(&policy.value()["spec"]["rules"])
        .flat_map(|rule| items(&rule["from"]))
        .flat_map(|from| items(&from["source"]["principals"]))
        .filter_map(Value::as_str)
}

/// The names to which routes lead, by the namespace of the route.
fn routed(bundle: &Bundle) -> BTreeMap<Option<&str>, BTreeSet<&str>> {
    let mut routed: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for route in bundle.of_kind("gateway.networking.k8s.io", "HTTPRoute") {
        let backends = items(&route.value()["spec"]["rules"])
            .flat_map(|rule| items(&rule["backendRefs"]))
            .filter_map(|backend| backend["name"].as_str());
        let names = routed.entry(route.id().namespace.as_deref()).or_default();
        names.extend(backends);
    }
    routed.retain(|_, names| !names.is_empty());
    routed
}
