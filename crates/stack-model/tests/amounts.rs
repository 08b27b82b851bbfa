//! What pods ask for, with defaults filled in.

use serde_json::{Value, json};
use stack_model::Model;

fn model(spec: Value, limits: Value) -> Model {
    Model::read([
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "demo"}, "spec": spec}),
        json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l", "namespace": "demo"}, "spec": {"limits": limits}}),
    ])
}

/// CPU requests, CPU limits, memory requests, memory limits.
fn amounts(model: &Model) -> [String; 4] {
    let workload = model.workloads().next().unwrap();
    let found = workload.amounts();
    let text = |amount: Option<kube_vocab::Quantity>| {
        amount.map_or("-".to_owned(), |amount| amount.to_string())
    };
    [
        text(found.requests.get("cpu")),
        text(found.limits.get("cpu")),
        text(found.requests.get("memory")),
        text(found.limits.get("memory")),
    ]
}

fn container(requests: Value, limits: Value) -> Value {
    json!({"name": "c", "resources": {"requests": requests, "limits": limits}})
}

#[test]
fn containers_that_run_together_are_added_up() {
    let one = container(
        json!({"cpu": "100m", "memory": "64Mi"}),
        json!({"cpu": "1", "memory": "128Mi"}),
    );
    let spec = json!({"containers": [one, one]});
    assert_eq!(
        amounts(&model(spec, json!([]))),
        ["200m", "2", "128Mi", "256Mi"]
    );
}

#[test]
fn init_containers_count_where_they_are_greedier_and_sidecars_always() {
    let main = container(json!({"cpu": "100m"}), json!({}));
    let init = container(json!({"cpu": "500m"}), json!({}));
    let mut sidecar = container(json!({"cpu": "50m"}), json!({}));
    sidecar["restartPolicy"] = json!("Always");
    let cpu = |init: Value| {
        amounts(&model(
            json!({"initContainers": init, "containers": [main]}),
            json!([]),
        ))[0]
            .clone()
    };
    assert_eq!(cpu(json!([init])), "500m");
    assert_eq!(cpu(json!([sidecar])), "150m");
    assert_eq!(
        cpu(json!([sidecar, init])),
        "550m",
        "the sidecar runs while the other starts"
    );
    assert_eq!(
        cpu(json!([init, sidecar])),
        "500m",
        "the sidecar is not there yet"
    );
}

#[test]
fn the_defaults_of_the_namespace_are_filled_in_after_the_pods_own() {
    let limits = json!([{"type": "Container", "default": {"cpu": "2", "memory": "4Gi"}, "defaultRequest": {"cpu": "100m", "memory": "128Mi"}}]);
    let bare = json!({"containers": [{"name": "c"}]});
    assert_eq!(
        amounts(&model(bare, limits.clone())),
        ["100m", "2", "128Mi", "4Gi"]
    );
    let limited = json!({"containers": [container(json!({}), json!({"cpu": "500m"}))]});
    assert_eq!(
        amounts(&model(limited, limits)),
        ["500m", "500m", "128Mi", "4Gi"]
    );
    let only_max = json!([{"type": "Container", "max": {"cpu": "1"}}]);
    assert_eq!(
        amounts(&model(json!({"containers": [{"name": "c"}]}), only_max)),
        ["1", "1", "-", "-"]
    );
}

#[test]
fn a_limit_that_one_container_lacks_is_no_limit_of_the_pod() {
    let spec =
        json!({"containers": [container(json!({}), json!({"memory": "1Gi"})), {"name": "d"}]});
    assert_eq!(amounts(&model(spec, json!([])))[3], "-");
}

#[test]
fn the_overhead_of_the_runtime_is_added() {
    let spec = json!({"runtimeClassName": "kata", "containers": [container(json!({"cpu": "100m"}), json!({}))]});
    let model = Model::read([
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}),
        json!({"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "kata"}, "overhead": {"podFixed": {"cpu": "250m"}}}),
    ]);
    assert_eq!(amounts(&model)[0], "350m");
}
