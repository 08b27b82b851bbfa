//! Who talks to whom in the lab as documented, with what its charts make; and the exercises about it.
#![allow(clippy::unwrap_used)]

use fidelity::data_folder;
use lab_builder::stack_builder::charts::RenderedFolder;
use lab_builder::stack_model::Model;
use lab_builder::{Bundle, Environment, Lab, Whole};
use serde_json::{Value, json};
use stack_reach::{Answer, Cni, Flow, Layer, Reach, Requirements, Settings};

/// Cilium enforces policies in the lab, although it has none until an exercise brings one.
fn settings() -> Settings {
    Settings {
        cni: Some(Cni::Cilium),
        ..Settings::default()
    }
}

fn requirements(text: &str) -> Requirements {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn the_lab_with_its_charts_lets_through_what_is_documented_and_nothing_else() {
    let Some(folder) = data_folder("CHARTS_DIR") else {
        return;
    };
    let lab = Lab::new(Environment::Dev).build().unwrap();
    let lab = lab
        .with_charts(&RenderedFolder::new(folder.join("rendered")))
        .unwrap();
    let whole = Whole::of(&lab);
    let reach = Reach::with(&whole.model, settings());
    let report = reach.require(&requirements(include_str!("traffic/documented.yaml")));
    assert!(report.is_kept(), "{report}");
    assert!(report.asked > 25);
}

/// The lab's own objects, with those of an exercise.
fn lab(more: &[Value], change: impl Fn(&mut Value)) -> Model {
    let lab: Bundle = Lab::new(Environment::Dev).build().unwrap();
    let whole = Whole::of(&lab);
    let objects = whole.model.entries().map(|entry| {
        let mut value = entry.value().to_json();
        change(&mut value);
        value
    });
    Model::read(objects.chain(more.iter().cloned()))
}

fn ask(model: &Model, from: &str, method: &str, path: &str) -> Answer {
    let flow: Flow = serde_json::from_value(json!({
        "src": from, "dst": {"service": "demo/backend"}, "port": 80,
        "request": {"method": method, "path": path, "host": "backend.demo.svc"},
    }))
    .unwrap();
    Reach::with(model, settings()).flow(&flow)
}

/// A policy for the backend, as the exercises apply it.
fn policy(name: &str, ingress: Value) -> Value {
    json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"endpointSelector": {"matchLabels": {"app": "backend"}}, "ingress": ingress}})
}

/// The pod of exercise 2-1: the frontend's account, and other labels.
fn stranger() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "test-cnp", "namespace": "demo", "labels": {"app": "test-cnp"}},
        "spec": {"serviceAccountName": "frontend", "containers": [{"name": "curl"}]}})
}

fn out_of_the_mesh(value: &mut Value) {
    if value["kind"] == "Namespace"
        && let Some(labels) = value
            .pointer_mut("/metadata/labels")
            .and_then(Value::as_object_mut)
    {
        labels.remove("istio.io/dataplane-mode");
    }
}

#[test]
fn exercise_2_1_a_policy_tells_pods_apart_that_the_mesh_does_not() {
    let request = |model: &Model, from: &str| ask(model, from, "GET", "/status/200");
    let before = lab(&[stranger()], |_| {});
    assert_eq!(request(&before, "demo/frontend").allowed, Some(true));
    assert_eq!(request(&before, "demo/test-cnp").allowed, Some(true));
    let frontend_only = policy(
        "backend-allow-frontend-only",
        json!([{"fromEndpoints": [{"matchLabels": {"app": "frontend"}}, {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kong"}}]}]),
    );
    let after = lab(&[stranger(), frontend_only], |_| {});
    assert_eq!(request(&after, "demo/frontend").allowed, Some(true));
    let refused = request(&after, "demo/test-cnp");
    assert_eq!(refused.at, Some(Layer::IngressPolicy), "{refused}");
}

/// The policy of exercise 2-3, whose manifest the documentation does not print.
fn by_request() -> Value {
    policy(
        "backend-l7-http-policy",
        json!([{"fromEndpoints": [{"matchLabels": {"app": "frontend"}}], "toPorts": [{"ports": [{"port": "80", "protocol": "TCP"}],
            "rules": {"http": [{"method": "GET", "path": "/status/.*"}, {"method": "GET", "path": "/get"}]}}]}]),
    )
}

#[test]
fn exercise_2_3_requests_are_told_apart_where_cilium_reads_them() {
    let without_mesh = lab(&[stranger(), by_request()], |value| {
        out_of_the_mesh(value);
        if value["kind"] == "PeerAuthentication" {
            value["spec"]["mtls"]["mode"] = json!("PERMISSIVE");
        }
        if value["kind"] == "AuthorizationPolicy" {
            *value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone", "namespace": "demo"}});
        }
    });
    for (method, path, allowed) in [
        ("GET", "/status/200", true),
        ("GET", "/get", true),
        ("POST", "/post", false),
        ("GET", "/delay/1", false),
        ("DELETE", "/delete", false),
    ] {
        // Without identities the policy alone decides.
        let answer = ask(&without_mesh, "demo/frontend", method, path);
        assert_eq!(answer.allowed, Some(allowed), "{method} {path}: {answer}");
        assert!(allowed || answer.at == Some(Layer::L7Proxy), "{answer}");
    }
    let other = ask(&without_mesh, "demo/test-cnp", "GET", "/get");
    assert_eq!(other.at, Some(Layer::IngressPolicy), "{other}");
    // In the mesh port 80 is never seen: the policy cuts the backend off, whatever is asked.
    let meshed = lab(&[by_request()], |_| {});
    let answer = ask(&meshed, "demo/frontend", "GET", "/get");
    assert_eq!(answer.at, Some(Layer::IngressPolicy), "{answer}");
    let findings = Reach::with(&meshed, settings()).findings();
    let codes: Vec<_> = findings.iter().map(|finding| &*finding.code).collect();
    assert!(codes.contains(&"http-rule-in-mesh"), "{codes:?}");
    assert!(codes.contains(&"mesh-port-closed"), "{codes:?}");
}

#[test]
fn exercise_4_1_plain_text_is_refused_where_it_is_strict_and_the_server_is_in_the_mesh() {
    let request = |model: &Model| ask(model, "demo/frontend", "GET", "/status/200");
    assert_eq!(request(&lab(&[], |_| {})).allowed, Some(true));
    // The namespace takes both ends out, and ztunnel no longer stands before the backend, as the caution of the exercise says.
    assert_eq!(request(&lab(&[], out_of_the_mesh)).allowed, Some(true));
    // A client alone that leaves the mesh is refused under STRICT, and let in by PERMISSIVE as far as policies want no identity.
    let client_leaves = |value: &mut Value| {
        if value["kind"] == "Deployment" && value["metadata"]["name"] == "frontend" {
            value["spec"]["template"]["metadata"]["labels"]["istio.io/dataplane-mode"] =
                json!("none");
        }
    };
    let refused = request(&lab(&[], client_leaves));
    assert_eq!(refused.at, Some(Layer::Ztunnel), "{refused}");
    assert!(
        refused
            .steps
            .iter()
            .any(|step| step.reason.contains("STRICT"))
    );
}
