//! Rollouts that would not go on.

use serde_json::{Map, Value};
use stack_builder::{Bundle, Finding, Object, Severity};
use std::collections::BTreeSet;

use super::{ArgoRollouts, Scope, TrafficProvider};
use crate::ids::ARGO_ROLLOUTS;
use crate::provide;

impl ArgoRollouts {
    /// What the Rollouts of the stack ask of the controller, and it cannot do.
    pub(super) fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let allowed = self.traffic_providers.clone();
        let plugins = self.traffic_plugins.iter();
        let plugins: BTreeSet<String> = plugins.map(|plugin| plugin.name.clone()).collect();
        let acts = self.dashboard.as_ref().is_some_and(|one| !one.read_only);
        let own = (self.home.name().to_owned(), "argo-rollouts-dashboard");
        let unbound = (self.dashboard.is_some() && self.scope == Scope::Namespace).then_some(own);
        let unsure = self.plugins().flat_map(|(_, key, plugins)| {
            let open = plugins
                .iter()
                .filter(|one| one.sha256.is_none() && !one.location.starts_with("file://"));
            open.map(move |one| (key, one.name.clone()))
        });
        let unsure: Vec<(&'static str, String)> = unsure.collect();
        move |bundle, findings| {
            for (key, name) in &unsure {
                findings.push(provide::finding(
                    ARGO_ROLLOUTS,
                    "plugin-without-checksum",
                    Severity::Warning,
                    &format!("controller.{key}"),
                    format!("the controller runs whatever it downloads as the plugin {name}"),
                    "give its SHA-256 sum, or bring it in an image and name it by file://",
                ));
            }
            if let Some((namespace, account)) = &unbound
                && !is_bound(bundle, namespace, account)
            {
                findings.push(provide::finding(
                    ARGO_ROLLOUTS,
                    "blind-dashboard",
                    Severity::Warning,
                    "dashboard.enabled",
                    "of one namespace the chart gives the dashboard no rights at all: it shows nothing",
                    "bind a Role to the service account argo-rollouts-dashboard, or leave the dashboard out",
                ));
            }
            if acts {
                findings.push(provide::finding(
                    ARGO_ROLLOUTS,
                    "open-dashboard",
                    Severity::Warning,
                    "dashboard.readonly",
                    "the dashboard asks nobody who they are: whoever reaches it can promote and abort",
                    "set dashboard.read_only, and use kubectl to promote",
                ));
            }
            for rollout in bundle.of_kind("argoproj.io", "Rollout") {
                judge(rollout, bundle, &allowed, &plugins, findings);
            }
        }
    }
}

/// Whether an object of the stack gives rights to a service account.
fn is_bound(bundle: &Bundle, namespace: &str, account: &str) -> bool {
    let kinds = ["RoleBinding", "ClusterRoleBinding"];
    let bindings = kinds
        .into_iter()
        .flat_map(|kind| bundle.of_kind("rbac.authorization.k8s.io", kind));
    let mut subjects = bindings
        .filter_map(|binding| binding.value()["subjects"].as_array().cloned())
        .flatten();
    subjects.any(|subject| {
        subject["kind"] == "ServiceAccount"
            && subject["name"] == account
            && subject["namespace"] == namespace
    })
}

/// What one Rollout asks for.
fn judge(
    rollout: &Object,
    bundle: &Bundle,
    allowed: &BTreeSet<TrafficProvider>,
    plugins: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    let canary = &rollout.value()["spec"]["strategy"]["canary"];
    let routing = &canary["trafficRouting"];
    let path = "spec.strategy.canary.trafficRouting";
    let mut add = |code, severity, member: &str, message: String, remedy: &str| {
        let finding = Finding::new(code, severity, rollout.id().clone(), message);
        findings.push(finding.at(format!("{path}.{member}")).remedy(remedy));
    };
    for provider in TrafficProvider::ALL {
        let Some(member) = provider.member() else {
            continue;
        };
        if routing[member].is_object() && !allowed.contains(&provider) {
            let message = format!("the controller has no rights on what {member} is steered by");
            let remedy = "add it to traffic_providers of ArgoRollouts";
            add(
                "rollout-without-rights",
                Severity::Error,
                member,
                message,
                remedy,
            );
        }
    }
    for name in routing["plugins"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
    {
        if !plugins.contains(name) {
            let message = format!("the controller has no plugin {name}");
            let remedy = "add it to traffic_plugins of ArgoRollouts";
            add(
                "rollout-plugin-missing",
                Severity::Error,
                "plugins",
                message,
                remedy,
            );
        }
    }
    if routing["istio"].is_object() && needs_waypoint(rollout, canary, bundle) {
        add(
            "rollout-needs-waypoint",
            Severity::Warning,
            "istio",
            "in ambient mode only a waypoint follows a VirtualService, and the namespace has none: all callers get the \
             versions by the number of pods"
                .into(),
            "give the namespace or the stable Service a waypoint, or steer by the Gateway API's plugin",
        );
    }
}

/// Whether nothing in the ambient mesh follows the VirtualService of a Rollout; no where that is not known.
fn needs_waypoint(rollout: &Object, canary: &Value, bundle: &Bundle) -> bool {
    let label = |object: &Object, key: &str| {
        let label = &object.value()["metadata"]["labels"][key];
        label.as_str().map(str::to_owned)
    };
    let Some(name) = rollout.id().namespace.as_deref() else {
        return false;
    };
    let Some(namespace) = bundle.object("Namespace", None, name) else {
        return false;
    };
    let service = canary["stableService"].as_str();
    let Some(service) = service.and_then(|service| bundle.object("Service", Some(name), service))
    else {
        return false;
    };
    let waypoint = "istio.io/use-waypoint";
    let has = |object: &Object| label(object, waypoint).is_some_and(|name| name != "none");
    label(namespace, "istio.io/dataplane-mode").as_deref() == Some("ambient")
        && !has(namespace)
        && !has(service)
}
