//! Quotas and nodes against what is asked for.

use serde_json::{Value, json};
use stack_check::capacity::{admissions, table};
use stack_model::Model;

fn pod(name: &str, cpu: &str, memory: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "demo"},
           "spec": {"containers": [{"name": "c", "resources": {
               "requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu, "memory": memory}}}]}})
}

fn quota(hard: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "demo"}, "spec": {"hard": hard}})
}

/// A namespace whose running pods ask for 250m CPU, and eleven pods of 500m each for a quota of 4 CPUs.
fn exhausted() -> Model {
    let hard = json!({"pods": "20", "requests.cpu": "4", "limits.cpu": "8", "requests.memory": "8Gi", "limits.memory": "16Gi"});
    let mut objects = vec![
        quota(hard),
        pod("a", "100m", "96Mi"),
        pod("b", "100m", "96Mi"),
        pod("c", "50m", "96Mi"),
    ];
    objects.extend((0..11).map(|number| pod(&format!("quota-test-{number}"), "500m", "256Mi")));
    Model::read(objects)
}

#[test]
fn pods_are_admitted_until_the_first_resource_is_used_up() {
    let model = exhausted();
    let tested: Vec<_> = admissions(&model)
        .into_iter()
        .filter(|admission| admission.workload.name().starts_with("quota-test"))
        .collect();
    assert_eq!(
        tested
            .iter()
            .map(|admission| admission.admitted)
            .sum::<u32>(),
        7
    );
    assert_eq!(
        tested
            .iter()
            .map(|admission| admission.refused)
            .sum::<u32>(),
        4
    );
    let first = tested
        .iter()
        .find_map(|admission| admission.reason.as_deref())
        .unwrap();
    assert_eq!(
        first,
        "exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=3750m, limited: requests.cpu=4"
    );
}

#[test]
fn the_table_says_what_is_asked_allowed_and_left() {
    let table = table(&exhausted());
    let row = table
        .quotas
        .iter()
        .find(|row| row.resource == "requests.cpu")
        .unwrap();
    assert_eq!(
        (row.asked.as_str(), row.allowed.as_str(), row.left.as_str()),
        ("5750m", "4", "-1750m")
    );
    let pods = table
        .quotas
        .iter()
        .find(|row| row.resource == "pods")
        .unwrap();
    assert_eq!((pods.asked.as_str(), pods.left.as_str()), ("14", "6"));
    assert_eq!(table.refused.len(), 4);
}

#[test]
fn replicas_surge_and_maximum_are_told_apart() {
    let model = Model::read([
        quota(json!({"requests.cpu": "10"})),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"replicas": 4, "template": {"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "1"}}}]}}}}),
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 4, "maxReplicas": 9}}),
    ]);
    let table = table(&model);
    let row = &table.quotas[0];
    assert_eq!(
        (
            row.asked.as_str(),
            row.at_rollout.as_str(),
            row.at_most.as_str()
        ),
        ("4", "5", "9")
    );
}

#[test]
fn pods_land_where_there_is_room() {
    let node = |name: &str| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"allocatable": {"cpu": "2", "memory": "4Gi"}}});
    let deployment = |name: &str, replicas: u32, cpu: &str| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "demo"},
               "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}}}})
    };
    let model = Model::read([
        node("n1"),
        node("n2"),
        deployment("big", 2, "1500m"),
        deployment("small", 2, "500m"),
        deployment("late", 1, "1"),
    ]);
    let table = table(&model);
    let cpu: Vec<_> = table
        .nodes
        .iter()
        .filter(|row| row.resource == "cpu")
        .map(|row| (row.node.as_str(), row.left.as_str()))
        .collect();
    // The two big ones take a node each, then there is room for a small one beside each.
    assert_eq!(table.unplaced, ["Deployment demo/late"]);
    assert_eq!(cpu, [("n1", "0"), ("n2", "0")]);
}

#[test]
fn an_empty_model_has_an_empty_table() {
    assert_eq!(
        table(&Model::default()),
        stack_check::capacity::Table::default()
    );
}

#[test]
fn a_namespace_says_what_is_asked_with_and_without_a_quota() {
    let mut other = pod("free", "250m", "64Mi");
    other["metadata"]["namespace"] = json!("other");
    let objects = [
        pod("a", "1", "1Gi"),
        pod("b", "500m", "1Gi"),
        quota(json!({"cpu": "1", "pods": "5"})),
        other,
    ];
    let rows = table(&Model::read(objects)).namespaces;
    let row = |namespace: &str, resource: &str| {
        let found = rows
            .iter()
            .find(|row| row.namespace == namespace && row.resource == resource);
        let row = found.unwrap();
        (row.asked.clone(), row.allowed.clone(), row.left.clone())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        row("demo", "requests.cpu"),
        ("1500m".to_owned(), some("1"), some("-500m"))
    );
    assert_eq!(row("demo", "pods"), ("2".to_owned(), some("5"), some("3")));
    assert_eq!(row("demo", "limits.memory"), ("2Gi".to_owned(), None, None));
    assert_eq!(
        row("other", "requests.cpu"),
        ("250m".to_owned(), None, None)
    );
}

#[test]
fn the_loss_of_the_busiest_node_leaves_pods_without_one() {
    let node = |name: &str, pods: &str| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
        "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": pods}}})
    };
    let all = [
        node("n1", "10"),
        node("n2", "10"),
        pod("a", "1500m", "1Gi"),
        pod("b", "1", "1Gi"),
    ];
    let fits = table(&Model::read(all));
    assert_eq!(fits.unplaced, [] as [&str; 0]);
    assert_eq!(fits.unplaced_without_a_node, ["Pod demo/b"]);
    // Nodes also count pods.
    let crowded = [
        node("n1", "1"),
        node("n2", "1"),
        pod("a", "0", "0"),
        pod("b", "0", "0"),
        pod("c", "0", "0"),
    ];
    assert_eq!(table(&Model::read(crowded)).unplaced.len(), 1);
}

#[test]
fn pods_of_which_no_two_share_a_node_need_a_node_each() {
    let node = |name: &str| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
            "status": {"allocatable": {"cpu": "4", "memory": "16Gi"}}})
    };
    let workload = |kind: &str, name: &str, replicas: u32, cpu: &str| {
        json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "demo"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "c", "image": "c:1", "resources": {"requests": {"cpu": cpu}}}]}}}})
    };
    // An agent takes 500m of each node: of the 3500m that are left, 2 is more than half.
    let codes = |replicas: u32, cpu: &str| {
        let objects = [
            node("a"),
            node("b"),
            node("c"),
            workload("DaemonSet", "agent", 1, "500m"),
            workload("Deployment", "web", replicas, cpu),
        ];
        let report = stack_check::run(&Model::read(objects), &stack_check::Config::default());
        let codes = report
            .findings
            .iter()
            .map(|finding| finding.code.to_string());
        codes.collect::<Vec<_>>()
    };
    // All together ask for 8 and 1500m of 12: only the sizes of single pods tell.
    assert_eq!(codes(4, "2"), ["pods-do-not-fit"]);
    assert_eq!(codes(3, "2"), ["no-room-after-node-loss"]);
    assert_eq!(codes(2, "2"), [] as [&str; 0]);
    assert_eq!(codes(4, "1"), [] as [&str; 0]);
}

#[test]
fn a_quota_is_filled_to_the_last_and_then_refuses() {
    let refused = |hard: Value, pods: &[Value]| {
        let objects = pods.iter().cloned().chain([quota(hard)]);
        let table = table(&Model::read(objects));
        let rows = table.refused.into_iter();
        rows.map(|row| (row.workload, row.reason))
            .collect::<Vec<_>>()
    };
    let two = [pod("a", "500m", "1Gi"), pod("b", "500m", "1Gi")];
    assert_eq!(refused(json!({"requests.cpu": "1"}), &two), []);
    let exceeded = "exceeded quota: q, requested: limits.cpu=500m, used: limits.cpu=500m, limited: limits.cpu=999m";
    let row = ("Pod demo/b".to_owned(), exceeded.to_owned());
    assert_eq!(refused(json!({"limits.cpu": "999m"}), &two), [row]);
    let mut silent = pod("a", "1", "1Gi");
    silent["spec"]["containers"][0]["resources"] = json!({});
    let silent = [silent];
    let must = "failed quota: q: must specify limits.memory".to_owned();
    let row = ("Pod demo/a".to_owned(), must);
    assert_eq!(refused(json!({"limits.memory": "1Gi"}), &silent), [row]);
    // Of devices silence means none.
    assert_eq!(
        refused(json!({"requests.example.com/gpu": "0"}), &silent),
        []
    );
}

#[test]
fn a_quota_for_some_pods_is_none_for_the_namespace() {
    let allowed = |scope: Value| {
        let mut quota = quota(json!({"pods": "5"}));
        for (member, value) in scope.as_object().unwrap() {
            quota["spec"][member] = value.clone();
        }
        let rows = table(&Model::read([pod("a", "1", "1Gi"), quota])).namespaces;
        let row = rows.iter().find(|row| row.resource == "pods");
        row.unwrap().allowed.clone()
    };
    assert_eq!(allowed(json!({})).as_deref(), Some("5"));
    assert_eq!(allowed(json!({"scopes": ["NotTerminating"]})), None);
    assert_eq!(
        allowed(json!({"scopeSelector": {"matchExpressions": []}})),
        None
    );
}

#[test]
fn ordinary_pods_are_placed_on_workers_where_there_are_some() {
    let node = |name: &str, labels: Value| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels},
            "status": {"allocatable": {"cpu": "2", "memory": "4Gi"}}})
    };
    let control_plane = node("a", json!({"node-role.kubernetes.io/control-plane": ""}));
    let on = |objects: Vec<Value>| {
        let table = table(&Model::read(objects));
        let nodes = table.nodes.into_iter().filter(|row| row.resource == "cpu");
        let nodes = nodes.map(|row| (row.node, row.asked)).collect::<Vec<_>>();
        (nodes, table.unplaced_without_a_node)
    };
    let row = |node: &str, asked: &str| (node.to_owned(), asked.to_owned());
    let web = pod("web", "1", "1Gi");
    let both = vec![control_plane.clone(), node("b", json!({})), web.clone()];
    assert_eq!(
        on(both),
        (vec![row("b", "1")], vec![]),
        "of a single node nobody asks what its loss does"
    );
    assert_eq!(on(vec![control_plane, web]).0, [row("a", "1")]);
}
