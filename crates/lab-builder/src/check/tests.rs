//! Each check on labs with a fault in them, and on labs that only look as if they had one.

use serde_json::{Value, json};
use stack_builder::{Component, ComponentError, Context, Contribution, overlay};

use super::{LabCheck, overlays, plain_text_callers};
use crate::components::Cilium;
use crate::{Environment, Lab, Whole};

/// Objects of a user, each in a file of its own.
#[derive(Clone, Debug)]
struct Objects(Vec<Value>);

impl Component for Objects {
    fn id(&self) -> &str {
        "objects"
    }
    fn requires(&self) -> Vec<&str> {
        vec!["demo-app"]
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut objects = self.0.iter().enumerate();
        objects
            .try_for_each(|(at, object)| out.dynamic_object(format!("{at}.yaml"), object.clone()))
    }
}

/// What one check finds in a lab with some objects more.
fn found(check: LabCheck, lab: Lab, objects: &[Value]) -> Vec<String> {
    let bundle = lab.with(Objects(objects.to_vec())).build().unwrap();
    let mut findings = Vec::new();
    check(&Whole::of(&bundle), &mut findings);
    findings.iter().map(ToString::to_string).collect()
}

fn deployment(namespace: &str, labels: Value, annotations: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hook", "namespace": namespace},
        "spec": {"selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels, "annotations": annotations},
            "spec": {"containers": [{"name": "hook", "image": "hook:1", "ports": [{"name": "hook", "containerPort": 9443}]}]},
        }},
    })
}

fn hook_service(namespace: &str, target: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "hook", "namespace": namespace},
        "spec": {"selector": {"app": "hook"}, "ports": [{"port": 443, "targetPort": target}]},
    })
}

fn webhook(namespace: &str) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "hook"},
        "webhooks": [{
            "name": "hook.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": {"service": {"name": "hook", "namespace": namespace}},
        }],
    })
}

fn aggregated(namespace: &str) -> Value {
    json!({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1.hook.example.com"},
        "spec": {
            "group": "hook.example.com", "version": "v1", "groupPriorityMinimum": 1000, "versionPriority": 10,
            "service": {"name": "hook", "namespace": namespace},
        },
    })
}

fn peers(namespace: &str, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
        "metadata": {"name": name, "namespace": namespace}, "spec": spec,
    })
}

#[test]
fn callers_without_an_identity_are_refused_by_a_strict_mesh() {
    let app = || json!({"app": "hook"});
    let out_of_mesh = json!({"app": "hook", "istio.io/dataplane-mode": "none"});
    let into_mesh = json!({"app": "hook", "istio.io/dataplane-mode": "ambient"});
    let pods = |namespace: &str| deployment(namespace, app(), json!({}));
    let scraped = |labels: Value, port: Value| deployment("demo", labels, port);
    let annotations = json!({"prometheus.io/scrape": "true", "prometheus.io/port": "9443"});
    let permissive = |port: &str| {
        peers(
            "demo",
            "hook",
            json!({
                "selector": {"matchLabels": {"app": "hook"}}, "portLevelMtls": {port: {"mode": "PERMISSIVE"}},
            }),
        )
    };
    let other = peers(
        "demo",
        "hook",
        json!({
            "selector": {"matchLabels": {"app": "other"}}, "portLevelMtls": {"9443": {"mode": "PERMISSIVE"}},
        }),
    );
    let whole = |namespace: &str| peers(namespace, "hook", json!({"mtls": {"mode": "PERMISSIVE"}}));
    #[rustfmt::skip]
    let table = [
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo")]),
        (1, vec![pods("demo"), hook_service("demo", json!(9443)), webhook("demo")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), aggregated("demo")]),
        (1, vec![deployment("default", into_mesh, json!({})), hook_service("default", json!("hook")), webhook("default")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), permissive("443")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), other]),
        (1, vec![scraped(app(), annotations.clone())]),
        (1, vec![scraped(app(), json!({"prometheus.io/scrape": "true"}))]),
        // Let in, out of the mesh, not called, or not known.
        (0, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), permissive("9443")]),
        (0, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), whole("demo")]),
        (0, vec![pods("default"), hook_service("default", json!("hook")), webhook("default")]),
        (0, vec![deployment("demo", out_of_mesh, json!({})), hook_service("demo", json!("hook")), webhook("demo")]),
        (0, vec![pods("demo"), hook_service("demo", json!("hook"))]),
        (0, vec![hook_service("demo", json!("hook")), webhook("demo")]),
        (0, vec![pods("demo"), webhook("demo")]),
        (0, vec![scraped(app(), annotations.clone()), permissive("9443")]),
    ];
    for (at, (count, objects)) in table.into_iter().enumerate() {
        let messages = found(
            plain_text_callers::check,
            Lab::new(Environment::Dev),
            &objects,
        );
        assert_eq!(messages.len(), count, "{at}: {messages:#?}");
        assert!(
            messages
                .iter()
                .all(|message| message.contains("portLevelMtls[9443]")),
            "{messages:#?}"
        );
        // Without the mesh nobody is refused.
        let objects: Vec<Value> = objects
            .into_iter()
            .filter(|it| it["kind"] != "PeerAuthentication")
            .collect();
        let without = found(
            plain_text_callers::check,
            Lab::new(Environment::Dev).skip_istio(),
            &objects,
        );
        assert_eq!(without, [""; 0], "{at}");
    }
}

#[test]
fn what_an_overlay_hardly_means_is_found() {
    let with = |overlay: Value| {
        Lab::new(Environment::Dev).configure(|cilium: &mut Cilium| {
            cilium.overlay = overlay.as_object().unwrap().clone();
        })
    };
    let overlay = overlay::parse("kubeProxyReplacment: true\nhubble: {enabled: 'true'}\n").unwrap();
    assert_eq!(
        found(overlays::check, with(Value::Object(overlay)), &[]),
        [
            "warning: release cilium: hubble.enabled: the overlay has a string at `hubble.enabled`, where the values have a boolean (overlay): write a boolean",
            "warning: release cilium: kubeProxyReplacment: the overlay sets `kubeProxyReplacment`; the values have `kubeProxyReplacement` (overlay): write `kubeProxyReplacement`, if that is meant",
        ]
    );
    let plain = json!({"kubeProxyReplacement": true, "hubble": {"ui": {"replicas": 2}}, "debug": {"enabled": true}});
    assert_eq!(found(overlays::check, with(plain), &[]), [""; 0]);
}
