//! What single objects of a model answer, each at both sides of the question.

use serde_json::{Value, json};
use stack_model::{Model, Protocol, Selector, ServiceType, WorkloadKind};
use std::collections::{BTreeMap, HashMap};

fn service(name: &str, spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "demo"}, "spec": spec})
}

#[test]
fn services_say_what_they_are() {
    let model = Model::read([
        service("plain", json!({"selector": {"app": "web"}})),
        service(
            "headless",
            json!({"clusterIP": "None", "selector": {"app": "web"}}),
        ),
        service(
            "balanced",
            json!({"type": "LoadBalancer", "clusterIP": "10.0.0.1"}),
        ),
        service("open", json!({"type": "NodePort"})),
        service(
            "alias",
            json!({"type": "ExternalName", "externalName": "db.example", "selector": {"app": "web"}}),
        ),
        service(
            "odd",
            json!({"type": "ClusterIP", "externalName": "db.example"}),
        ),
    ]);
    assert_eq!(model.len(), 6);
    let of = |name: &str| model.service("demo", name).unwrap();
    let kinds =
        ["plain", "headless", "balanced", "open", "alias"].map(|name| of(name).service_type());
    assert_eq!(
        kinds,
        [
            ServiceType::ClusterIp,
            ServiceType::ClusterIp,
            ServiceType::LoadBalancer,
            ServiceType::NodePort,
            ServiceType::ExternalName,
        ]
    );
    let headless = ["plain", "headless", "balanced"].map(|name| of(name).is_headless());
    assert_eq!(headless, [false, true, false]);
    assert_eq!(of("alias").external_name(), Some("db.example"));
    assert_eq!(of("odd").external_name(), None);
    // A name for something outside chooses no pods, whatever stands beside it.
    assert!(of("alias").selected_labels().is_none());
    let labels = of("plain").selected_labels().unwrap();
    assert_eq!(labels.get("app"), Some("web"));
}

#[test]
fn workloads_say_how_their_pods_run() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "demo"},
        "spec": {"serviceAccountName": "runner", "hostNetwork": true, "containers": [
            {"name": "main", "image": "a", "ports": [
                {"name": "dns", "containerPort": 53, "protocol": "UDP"},
                {"name": "dns", "containerPort": 54, "protocol": "SCTP"},
                {"name": "dns", "containerPort": 55},
                {"name": "web", "containerPort": 80},
            ]},
        ]},
    });
    let other = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two", "namespace": "demo"},
        "spec": {"containers": [{"name": "side"}]},
    });
    let model = Model::read([pod, other]);
    let pods: Vec<_> = model.workloads().collect();
    let replicas = pods[0].replicas();
    assert_eq!((replicas.min, replicas.max, replicas.known), (1, 1, true));
    assert_eq!(pods[0].service_account(), "runner");
    assert_eq!(pods[1].service_account(), "default");
    assert_eq!(
        pods.iter()
            .map(|pod| pod.host_network())
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert_ne!(pods[0], pods[1]);
    assert_eq!(pods[0], pods[0]);
    let names: Vec<&str> = pods
        .iter()
        .flat_map(|pod| pod.containers())
        .map(|container| container.name())
        .collect();
    assert_eq!(names, ["main", "side"]);
    for (protocol, port) in [
        (Protocol::Udp, 53),
        (Protocol::Sctp, 54),
        (Protocol::Tcp, 55),
    ] {
        assert_eq!(pods[0].port_named("dns", protocol), Some(port));
    }
    assert_eq!(pods[0].port_named("web", Protocol::Udp), None);
    assert_eq!(pods[0].port_named("web", Protocol::Tcp), Some(80));
}

#[test]
fn a_workload_is_known_by_group_and_name() {
    for (kind, group, name) in [
        (WorkloadKind::Pod, "", "Pod"),
        (WorkloadKind::Deployment, "apps", "Deployment"),
        (WorkloadKind::CronJob, "batch", "CronJob"),
    ] {
        assert_eq!(WorkloadKind::of(group, name), Some(kind));
    }
}

#[test]
fn written_selectors_and_labels_of_ones_own_are_understood() {
    let sorted: BTreeMap<String, String> = [("env".to_owned(), "dev".to_owned())].into();
    let hashed: HashMap<String, String> = sorted.clone().into_iter().collect();
    for (text, matches) in [
        ("env in (dev, stg)", true),
        ("env notin (dev, stg)", false),
        ("env notin (prod)", true),
        ("env=dev", true),
        ("env!=dev", false),
        ("env", true),
        ("!env", false),
    ] {
        let selector = Selector::parse(text).unwrap();
        assert_eq!(selector.matches(&sorted), matches, "{text}");
        assert_eq!(selector.matches(&hashed), matches, "{text}");
        assert_eq!(selector.matches(&&sorted), matches, "{text}");
    }
}

#[test]
fn objects_of_one_name_are_told_apart_by_namespace() {
    let map = |namespace: &str, value: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": namespace}, "data": {"a": value}});
    let model = Model::read([map("x", "1"), map("y", "2")]);
    for (namespace, value) in [("x", "1"), ("y", "2")] {
        let found = model.get("", "ConfigMap", Some(namespace), "c").unwrap();
        assert_eq!(found.text_at("data.a"), Some(value));
        assert_eq!(found.value()["data"]["a"], value);
    }
    assert!(model.get("", "ConfigMap", Some("z"), "c").is_none());
    assert!(model.get("", "Secret", Some("x"), "c").is_none());
}
