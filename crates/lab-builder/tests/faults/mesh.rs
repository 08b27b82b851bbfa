use serde_json::{Value, json};

use super::{found, kong, with};

#[test]
fn a_webhook_port_that_moves_in_the_values_is_found() {
    let moved = json!({"controller": {"ingressController": {"admissionWebhook": {"port": 9080}}}});
    let messages = found("plain-text-callers", kong(moved));
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("portLevelMtls[9080]"), "{messages:#?}");
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
        let messages = found("plain-text-callers", with(json!(objects)));
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
        let without = found("plain-text-callers", with(json!(objects)).skip_istio());
        assert_eq!(without, [""; 0], "{at}");
    }
}
