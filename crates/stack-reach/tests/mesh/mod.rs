//! The mesh: where calls are sent, what lets them out, whom proxies believe.

mod clients;
mod outside;
mod policies;
mod routes;
mod waypoints;

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Layer, Reach, Settings};

fn namespace(name: &str, labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

fn sidecars(name: &str) -> Value {
    namespace(name, json!({"istio-injection": "enabled"}))
}

fn ambient(name: &str) -> Value {
    namespace(name, json!({"istio.io/dataplane-mode": "ambient"}))
}

fn pod(namespace: &str, name: &str, labels: Value) -> Value {
    let mut labels = labels;
    labels["app"] = json!(name);
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"serviceAccountName": name, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]}})
}

fn service(namespace: &str, name: &str, selector: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": selector, "ports": [{"port": 80, "targetPort": 8080}]}})
}

fn istio(kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    let group = match kind {
        "PeerAuthentication" | "AuthorizationPolicy" | "RequestAuthentication" => "security",
        _ => "networking",
    };
    json!({"apiVersion": format!("{group}.istio.io/v1"), "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

fn gateway_api(kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

/// A client, two versions of a backend behind one Service, and one behind a Service of its own.
fn base() -> Vec<Value> {
    let version = |version: &str| {
        let mut pod = pod(
            "demo",
            &format!("web-{version}"),
            json!({"version": version}),
        );
        pod["metadata"]["labels"]["app"] = json!("web");
        pod
    };
    vec![
        version("v1"),
        version("v2"),
        pod("demo", "client", json!({})),
        pod("demo", "other", json!({})),
        pod("away", "client", json!({})),
        service("demo", "web", json!({"app": "web"})),
        service("demo", "other", json!({"app": "other"})),
    ]
}

fn ask(objects: &[Value], flow: Value) -> Answer {
    ask_with(objects, flow, Settings::default())
}

fn ask_with(objects: &[Value], flow: Value, settings: Settings) -> Answer {
    let flow: Flow = serde_json::from_value(flow).unwrap();
    let model = Model::read(base().into_iter().chain(objects.iter().cloned()));
    let reach = Reach::with(&model, settings);
    assert!(reach.unread().is_empty(), "{:?}", reach.unread());
    reach.flow(&flow)
}

fn call(path: &str) -> Value {
    json!({"src": "demo/client", "dst": {"service": "demo/web"}, "port": 80, "request": {"path": path}})
}

/// The pods that an answer leads to.
fn reached(answer: &Answer) -> Vec<&str> {
    let steps = answer.steps.iter();
    steps
        .filter_map(|step| step.reason.strip_prefix("leads to port 8080 of Pod "))
        .collect()
}

fn subsets(namespace: &str) -> Value {
    istio(
        "DestinationRule",
        namespace,
        "web",
        json!({"host": "web.demo.svc.cluster.local",
        "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}]}),
    )
}

fn to(host: &str, subset: Value) -> Value {
    let mut destination = json!({"host": host});
    if !subset.is_null() {
        destination["subset"] = subset;
    }
    json!([{"destination": destination}])
}

fn outside(host: &str, port: u16) -> Value {
    json!({"src": "demo/client", "dst": {"name": host}, "port": port, "request": {"host": host}})
}
