//! A large cluster: 1,000 workloads in 100 namespaces with 500 policies.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Flow, Reach};

fn cluster() -> Vec<Value> {
    let mut objects = Vec::new();
    for namespace in 0..100 {
        let name = format!("team-{namespace:03}");
        objects.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"tier": format!("t{}", namespace % 7)}}}));
        for workload in 0..10 {
            let app = format!("app-{workload}");
            let labels = json!({"app": app, "role": format!("r{}", workload % 3)});
            objects.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": app, "namespace": name},
                "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": [
                    {"name": "main", "ports": [{"name": "http", "containerPort": 8000 + workload}]}]}}}}));
        }
        for policy in 0..3 {
            objects.push(json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": format!("np-{policy}"), "namespace": name},
                "spec": {"podSelector": {"matchLabels": {"role": format!("r{policy}")}}, "policyTypes": ["Ingress", "Egress"],
                    "ingress": [
                        {"from": [{"namespaceSelector": {"matchLabels": {"tier": format!("t{}", (namespace + policy) % 7)}}}], "ports": [{"port": "http"}]},
                        {"from": [{"ipBlock": {"cidr": format!("10.{namespace}.0.0/16"), "except": [format!("10.{namespace}.{policy}.0/24")]}}]}],
                    "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 8000, "endPort": 8000 + policy * 3}]}]}}));
        }
        for policy in 0..2 {
            objects.push(json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": format!("cnp-{policy}"), "namespace": name},
                "spec": {"endpointSelector": {"matchLabels": {"app": format!("app-{policy}")}},
                    "ingress": [{"fromEntities": ["cluster"], "toPorts": [{"ports": [{"port": "9090", "protocol": "TCP"}]}]}],
                    "ingressDeny": [{"fromEndpoints": [{"matchLabels": {"io.kubernetes.pod.namespace": format!("team-{:03}", (namespace + 1) % 100)}}]}]}}));
        }
    }
    objects
}

#[test]
fn the_matrix_of_a_large_cluster_takes_seconds_and_a_flow_less_than_a_millisecond() {
    let model = Model::read(cluster());
    let start = Instant::now();
    let reach = Reach::of(&model);
    let read = start.elapsed();
    let start = Instant::now();
    let matrix = reach.matrix();
    let worked_out = start.elapsed();
    let flow = Flow::from_workload("team-001", "app-1").to_workload("team-042", "app-2", 8002);
    let start = Instant::now();
    for _ in 0..100 {
        reach.flow(&flow);
    }
    let one = start.elapsed() / 100;
    eprintln!(
        "read {read:?}, matrix {worked_out:?} with {} lines, one flow {one:?}",
        matrix.lines().len()
    );
    // Without optimisation everything is some ten times slower, and the machine may be busy.
    let patience = if cfg!(debug_assertions) { 20 } else { 1 };
    assert!(read + worked_out < Duration::from_secs(2) * patience);
    assert!(one < Duration::from_millis(1) * patience);
}

/// One namespace with as many policies as pods, each for one of them.
fn crowded(size: usize, cilium: bool) -> Vec<Value> {
    let mut objects =
        vec![json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "one"}})];
    for number in 0..size {
        let labels = json!({"app": format!("app-{number}"), "part": "all"});
        objects.push(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("pod-{number}"), "namespace": "one", "labels": labels},
            "spec": {"containers": [{"name": "main"}]}}));
        let (group, kind, member) = match cilium {
            true => ("cilium.io/v2", "CiliumNetworkPolicy", "endpointSelector"),
            false => ("networking.k8s.io/v1", "NetworkPolicy", "podSelector"),
        };
        objects.push(json!({"apiVersion": group, "kind": kind, "metadata": {"name": format!("np-{number}"), "namespace": "one"},
            "spec": {member: {"matchLabels": labels}, "ingress": []}}));
    }
    objects
}

#[test]
fn reading_policies_takes_work_in_proportion_to_them_and_to_what_they_select() {
    for cilium in [false, true] {
        let work = |size: usize| {
            let model = Model::read(crowded(size, cilium));
            let before = stack_model::work::steps();
            let reach = Reach::of(&model);
            assert!(reach.unread().is_empty());
            stack_model::work::steps() - before
        };
        let (small, large) = (work(100), work(400));
        assert!(small > 0);
        assert!(
            large < 5 * small,
            "{small} steps for 100 policies, {large} for 400"
        );
    }
}

/// Tenants of a mesh with rules about requests and a Service that is open to the world; each in a namespace of its own, or all in
/// one.
fn meshed(size: usize, one_namespace: bool) -> Vec<Value> {
    let mut objects = Vec::new();
    for number in 0..size {
        let (namespace, app) = match one_namespace {
            true => ("all".to_owned(), format!("app-{number}")),
            false => (format!("team-{number}"), "app".to_owned()),
        };
        let labels = json!({"app": app});
        let object = |api_version: &str, kind: &str, spec: Value| json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": app, "namespace": namespace}, "spec": spec});
        if number == 0 || !one_namespace {
            objects.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": {"istio.io/dataplane-mode": "ambient"}}}));
        }
        let container = json!({"name": "main", "ports": [{"containerPort": 8080}]});
        objects.extend([
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": app, "namespace": namespace, "labels": labels}, "spec": {"containers": [container]}}),
            object("v1", "Service", json!({"type": "LoadBalancer", "selector": labels, "ports": [{"port": 80, "targetPort": 8080}]})),
            object("cilium.io/v2", "CiliumNetworkPolicy", json!({
                "endpointSelector": {"matchLabels": labels},
                "ingress": [{"fromEndpoints": [{"matchLabels": labels}], "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": [{"method": "GET"}]}}]}],
                "egress": [{"toEndpoints": [{"matchLabels": labels}], "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}]}]}]})),
            object("security.istio.io/v1", "AuthorizationPolicy", json!({
                "selector": {"matchLabels": labels}, "action": "DENY", "rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]})),
        ]);
    }
    objects
}

#[test]
fn findings_take_work_in_proportion_to_pods_and_policies() {
    for one_namespace in [false, true] {
        let work = |size: usize| {
            let model = Model::read(meshed(size, one_namespace));
            let before = stack_model::work::steps();
            let findings = Reach::of(&model).findings();
            assert!(
                findings
                    .iter()
                    .any(|finding| finding.code == "deny-never-fires")
            );
            stack_model::work::steps() - before
        };
        let (small, large) = (work(100), work(200));
        assert!(small > 1000, "{small} steps: something is not counted");
        assert!(
            large * 10 <= small * 22,
            "{small} steps for 100 tenants, {large} for 200"
        );
    }
}

/// Members of a mesh, each open to a block of addresses of its own outside of the cluster: for Cilium, or for all.
fn walled(size: usize, cilium: bool) -> Vec<Value> {
    let mut objects = vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "all", "labels": {"istio.io/dataplane-mode": "ambient"}}}),
    ];
    for number in 0..size {
        let app = format!("app-{number}");
        let (labels, block) = (
            json!({"app": app}),
            format!("198.{}.{}.0/24", number / 256, number % 256),
        );
        let policy = match cilium {
            true => {
                json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": app, "namespace": "all"},
                "spec": {"endpointSelector": {"matchLabels": labels}, "ingress": [{"fromCIDR": [block],
                    "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": [{"method": "GET"}]}}]}]}})
            }
            false => {
                json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": app, "namespace": "all"},
                "spec": {"podSelector": {"matchLabels": labels}, "ingress": [{"from": [{"ipBlock": {"cidr": block}}], "ports": [{"port": 8080}]}]}})
            }
        };
        objects.extend([
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": app, "namespace": "all", "labels": labels},
                "spec": {"containers": [{"name": "main", "ports": [{"containerPort": 8080}]}]}}),
            policy,
        ]);
    }
    objects
}

#[test]
fn blocks_of_addresses_outside_take_work_in_proportion_to_them() {
    for cilium in [false, true] {
        let work = |size: usize| {
            let model = Model::read(walled(size, cilium));
            let before = stack_model::work::steps();
            drop(Reach::of(&model).findings());
            stack_model::work::steps() - before
        };
        let (small, large) = (work(100), work(200));
        assert!(small > 1000, "{small} steps: something is not counted");
        assert!(
            large * 10 <= small * 22,
            "Cilium {cilium}: {small} steps for 100 blocks, {large} for 200"
        );
    }
}
