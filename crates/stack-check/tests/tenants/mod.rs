//! Stacks of any size, for tests of growth and for benchmarks.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

/// Tenants of eleven objects each that refer to one another; one in a hundred has a fault.
pub fn tenants(count: usize) -> Vec<Value> {
    (0..count).flat_map(tenant).collect()
}

fn tenant(number: usize) -> Vec<Value> {
    let namespace = format!("tenant-{number}");
    let label = if number.is_multiple_of(100) {
        "wbe"
    } else {
        "web"
    };
    let object = |api_version: &str, kind: &str, name: &str, body: Value| {
        let mut value = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}});
        value
            .as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        value
    };
    let pod = json!({"serviceAccountName": "web", "containers": [{"name": "web", "image": "web", "ports": [{"name": "http", "containerPort": 8080}],
        "env": [{"name": "API", "value": format!("http://web.{namespace}.svc:80")}, {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "web", "key": "a"}}}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "128Mi"}}}]});
    vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
        object("v1", "ServiceAccount", "web", json!({})),
        object("v1", "ConfigMap", "web", json!({"data": {"a": "1"}})),
        object(
            "apps/v1",
            "Deployment",
            "web",
            json!({"spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod}}}),
        ),
        object(
            "v1",
            "Service",
            "web",
            json!({"spec": {"selector": {"app": label}, "ports": [{"port": 80, "targetPort": "http"}]}}),
        ),
        object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "web",
            json!({"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 4}}),
        ),
        object(
            "policy/v1",
            "PodDisruptionBudget",
            "web",
            json!({"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}}),
        ),
        object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "web",
            json!({"spec": {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": []}}),
        ),
        object(
            "v1",
            "ResourceQuota",
            "web",
            json!({"spec": {"hard": {"requests.cpu": "2", "pods": "10"}}}),
        ),
        object(
            "gateway.networking.k8s.io/v1",
            "Gateway",
            "edge",
            json!({"spec": {"gatewayClassName": "any", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]}}),
        ),
        object(
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            "web",
            json!({"spec": {"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "web", "port": 80}]}]}}),
        ),
    ]
}

/// The same objects, all in one namespace, where a product of objects would show.
pub fn crowd(count: usize) -> Vec<Value> {
    let mut objects = tenants(count);
    for (number, object) in objects.iter_mut().enumerate() {
        let name = format!(
            "{}-{}",
            object["metadata"]["name"].as_str().unwrap(),
            number / 11
        );
        object["metadata"]["name"] = json!(name);
        if object["metadata"].get("namespace").is_some() {
            object["metadata"]["namespace"] = json!("one");
        }
        let app = json!(format!("web-{}", number / 11));
        for (pointer, name) in [
            ("/spec/rules/0/backendRefs/0/name", "web"),
            ("/spec/parentRefs/0/name", "edge"),
            ("/spec/scaleTargetRef/name", "web"),
            ("/spec/template/spec/serviceAccountName", "web"),
        ] {
            if let Some(target) = object.pointer_mut(pointer) {
                *target = json!(format!("{name}-{}", number / 11));
            }
        }
        for pointer in [
            "/spec/selector/matchLabels/app",
            "/spec/template/metadata/labels/app",
            "/spec/selector/app",
            "/spec/podSelector/matchLabels/app",
        ] {
            if let Some(label) = object.pointer_mut(pointer) {
                *label = app.clone();
            }
        }
    }
    objects.retain(|object| object["kind"] != "ResourceQuota");
    objects
}
