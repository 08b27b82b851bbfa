//! What a model knows of the objects that it was given.

use serde_json::{Value, json};
use stack_model::{Model, Origin, PodMatch, Replicas, Selector, SourceObject, WorkloadKind};

fn deployment(name: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"replicas": 2, "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "main", "ports": [{"name": "http", "containerPort": 8080}]}]}}}
    })
}

fn names<'m>(workloads: impl IntoIterator<Item = stack_model::Workload<'m>>) -> Vec<String> {
    workloads
        .into_iter()
        .map(|workload| workload.to_string())
        .collect()
}

#[test]
fn objects_are_found_whatever_version_they_are_written_in() {
    let model = Model::read([
        json!({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "HTTPRoute", "metadata": {"name": "a", "namespace": "x"}}),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}),
    ]);
    let route = model
        .get("gateway.networking.k8s.io", "HTTPRoute", Some("x"), "a")
        .unwrap();
    assert_eq!(route.version(), "v1beta1");
    assert_eq!(route.to_string(), "HTTPRoute x/a");
    assert!(
        model
            .get("gateway.networking.k8s.io", "HTTPRoute", None, "a")
            .is_none()
    );
    assert!(model.get("", "Namespace", None, "x").is_some());
}

#[test]
fn lists_are_opened_and_their_items_completed() {
    let model = Model::read([
        json!({
            "apiVersion": "v1", "kind": "PodList",
            "items": [{"metadata": {"name": "a", "namespace": "x"}}, {"metadata": {"name": "b", "namespace": "x"}}],
        }),
        json!({
            "apiVersion": "v1", "kind": "List",
            "items": [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "labels": {"env": "dev"}}}],
        }),
    ]);
    assert_eq!(names(model.workloads()), ["Pod x/a", "Pod x/b"]);
    let namespace = model.namespace("x").unwrap();
    assert!(namespace.is_declared());
    assert_eq!(
        namespace.labels().get("kubernetes.io/metadata.name"),
        Some("x")
    );
    assert_eq!(namespace.labels().get("env"), Some("dev"));
}

#[test]
fn a_custom_resource_is_not_taken_for_a_list_by_its_name() {
    let model = Model::read([
        json!({"apiVersion": "example.com/v1", "kind": "PriceList", "metadata": {"name": "a"}, "spec": {}}),
    ]);
    assert_eq!(
        model.kinds().collect::<Vec<_>>(),
        [("example.com", "PriceList")]
    );
}

#[test]
fn the_last_of_two_with_one_identity_counts() {
    let model = Model::read([
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"n": "1"}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}, "data": {"n": "2"}}),
    ]);
    assert_eq!(model.entries().count(), 1);
    let kept = model.get("", "ConfigMap", Some("default"), "a").unwrap();
    assert_eq!(kept.text_at("data.n"), Some("2"));
    let duplicate = model.duplicates().next().unwrap();
    assert_eq!(duplicate.earlier.text_at("data.n"), Some("1"));
    assert_eq!(duplicate.later.entry_id(), kept.entry_id());
    assert_eq!(model.objects_in("", "ConfigMap", "default").count(), 1);
}

#[test]
fn what_is_no_object_is_skipped_and_said() {
    let model = Model::read([
        SourceObject::new(json!("text"), Origin::file("a.yaml", 3)),
        SourceObject::from(json!({"kind": "Pod"})),
        SourceObject::from(json!({"apiVersion": "v1", "kind": ""})),
    ]);
    assert!(model.is_empty());
    let lacks: Vec<_> = model
        .skipped()
        .iter()
        .map(|skipped| skipped.lacks)
        .collect();
    assert_eq!(lacks, ["", "apiVersion", "kind"]);
    assert_eq!(
        model.skipped()[0].origin.location().unwrap().to_string(),
        "a.yaml:3"
    );
}

#[test]
fn a_definition_says_where_its_kind_lives() {
    let widget =
        json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced", "names": {"kind": "Widget"}},
    });
    let alone = Model::read([widget.clone()]);
    assert!(alone.get("example.com", "Widget", None, "a").is_some());
    let defined = Model::read([widget, definition]);
    assert!(
        defined
            .get("example.com", "Widget", Some("default"), "a")
            .is_some()
    );
}

#[test]
fn pods_of_a_controller_in_the_input_are_not_counted_again() {
    let owned = |kind: &str, name: &str, group: &str, owner_kind: &str, owner: &str| {
        json!({
            "apiVersion": if kind == "Pod" { "v1" } else { "apps/v1" }, "kind": kind,
            "metadata": {"name": name, "namespace": "demo", "ownerReferences": [
                {"apiVersion": group, "kind": owner_kind, "name": owner, "controller": true}]},
        })
    };
    let model = Model::read([
        owned("Pod", "web-1-a", "apps/v1", "ReplicaSet", "web-1"),
        owned("ReplicaSet", "web-1", "apps/v1", "Deployment", "web"),
        deployment("web", &json!({"app": "web"})),
        owned("Pod", "other", "apps/v1", "ReplicaSet", "not-here"),
    ]);
    assert_eq!(
        names(model.workloads()),
        ["Deployment demo/web", "Pod demo/other"]
    );
    assert_eq!(
        model
            .workload_of_pod("demo", "web-1-a")
            .unwrap()
            .to_string(),
        "Deployment demo/web"
    );
}

#[test]
fn a_rollout_takes_over_the_deployment_that_it_refers_to() {
    let model = Model::read([
        deployment("web", &json!({"app": "web"})),
        json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"replicas": 5, "workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}}),
    ]);
    assert_eq!(names(model.workloads()), ["Rollout demo/web"]);
    let rollout = model.workloads().next().unwrap();
    assert_eq!(rollout.labels().get("app"), Some("web"));
    assert_eq!(rollout.template_entry().kind(), "Deployment");
    assert_eq!(
        rollout.replicas(),
        Replicas {
            min: 5,
            max: 5,
            known: true
        }
    );
}

#[test]
fn replicas_are_those_of_the_autoscaler_before_those_of_the_object() {
    let scaler = |group: &str, kind: &str, spec: Value| json!({"apiVersion": group, "kind": kind, "metadata": {"name": "s", "namespace": "demo"}, "spec": spec});
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    let cases = [
        (json!(null), (2, 2)),
        (
            scaler(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                json!({"scaleTargetRef": target, "minReplicas": 3, "maxReplicas": 9}),
            ),
            (3, 9),
        ),
        (
            scaler(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                json!({"scaleTargetRef": target, "maxReplicas": 9}),
            ),
            (1, 9),
        ),
        (
            scaler(
                "keda.sh/v1alpha1",
                "ScaledObject",
                json!({"scaleTargetRef": {"name": "web"}}),
            ),
            (0, 100),
        ),
    ];
    for (scaler, (min, max)) in cases {
        let model = Model::read([deployment("web", &json!({})), scaler]);
        let replicas = model.workloads().next().unwrap().replicas();
        assert_eq!(
            replicas,
            Replicas {
                min,
                max,
                known: true
            }
        );
    }
}

#[test]
fn daemons_run_once_per_node_if_there_are_nodes() {
    let daemons = json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {"template": {}}});
    let kind = json!({"apiVersion": "kind.x-k8s.io/v1alpha4", "kind": "Cluster",
        "nodes": [{"role": "control-plane"}, {"role": "worker"}, {"role": "worker"}]});
    let of = |objects: Vec<Value>| {
        Model::read(objects)
            .workloads()
            .next()
            .map(|workload| workload.replicas())
    };
    assert_eq!(
        of(vec![daemons.clone()]),
        Some(Replicas {
            min: 1,
            max: 1,
            known: false
        })
    );
    assert_eq!(
        of(vec![daemons.clone(), kind.clone()]),
        Some(Replicas {
            min: 2,
            max: 2,
            known: true
        })
    );
    let mut tolerant = daemons;
    tolerant["spec"]["template"]["spec"] = json!({"tolerations": [{"operator": "Exists"}]});
    assert_eq!(
        of(vec![tolerant, kind]),
        Some(Replicas {
            min: 3,
            max: 3,
            known: true
        })
    );
}

#[test]
fn a_service_finds_its_workloads_and_their_ports() {
    let model = Model::read([
        deployment("web", &json!({"app": "web", "tier": "front"})),
        deployment("api", &json!({"app": "api"})),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}, {"port": 90, "name": "n"}]}}),
    ]);
    let service = model.service("demo", "web").unwrap();
    let workloads: Vec<_> = service.workloads().collect();
    assert_eq!(names(workloads.clone()), ["Deployment demo/web"]);
    assert_eq!(
        service.port(80).unwrap().target_on(&workloads[0]),
        Some(8080)
    );
    assert_eq!(
        service.port_named("n").unwrap().target_on(&workloads[0]),
        Some(90)
    );
    assert!(service.port(81).is_none());
}

#[test]
fn a_service_of_one_pod_finds_its_stateful_set() {
    let set = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "demo"},
        "spec": {"template": {"metadata": {"labels": {"app": "db"}}}}});
    let model = Model::read([set, deployment("web", &json!({"app": "web"}))]);
    let of = |text: &str| names(model.select_workloads("demo", &Selector::parse(text).unwrap()));
    assert_eq!(
        of("statefulset.kubernetes.io/pod-name=db-0"),
        ["StatefulSet demo/db"]
    );
    assert_eq!(
        of("statefulset.kubernetes.io/pod-name=db-x"),
        [] as [&str; 0]
    );
    assert_eq!(
        of("statefulset.kubernetes.io/pod-name=web-0"),
        [] as [&str; 0]
    );
    assert_eq!(
        of("app=db,statefulset.kubernetes.io/pod-name in (db-0,db-1)"),
        ["StatefulSet demo/db"]
    );
    let workload = model.workloads().next().unwrap();
    assert_eq!(workload.kind(), WorkloadKind::StatefulSet);
    assert_eq!(
        workload.matched_by(&Selector::parse("statefulset.kubernetes.io/pod-name=db-3").unwrap()),
        PodMatch::Some
    );
}

#[test]
fn the_pods_of_a_job_have_its_name_as_a_label() {
    let model = Model::read([
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "load", "namespace": "demo"}, "spec": {"template": {}}}),
    ]);
    let of = |text: &str| {
        model
            .select_workloads("demo", &Selector::parse(text).unwrap())
            .len()
    };
    assert_eq!(of("job-name=load"), 1);
    assert_eq!(of("batch.kubernetes.io/job-name=load"), 1);
    assert_eq!(of("job-name=other"), 0);
}

#[test]
fn stated_endpoints_name_addresses_ports_and_pods() {
    let model = Model::read([
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db", "namespace": "demo"}, "spec": {"ports": [{"port": 5432}]}}),
        json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
               "metadata": {"name": "db-1", "namespace": "demo", "labels": {"kubernetes.io/service-name": "db"}},
               "ports": [{"port": 5432}],
               "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": false}}, {"addresses": ["10.0.0.2"]}]}),
        json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "db", "namespace": "demo"},
               "subsets": [{"addresses": [{"ip": "10.0.0.3", "targetRef": {"kind": "Pod", "name": "p"}}], "ports": [{"port": 5432}]}]}),
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "demo"}}),
    ]);
    let service = model.service("demo", "db").unwrap();
    assert!(service.selector().is_none());
    let found: Vec<_> = service
        .endpoints()
        .iter()
        .map(|endpoint| {
            (
                endpoint.address,
                endpoint.port,
                endpoint.ready,
                endpoint.workload.is_some(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("10.0.0.1", Some(5432), false, false),
            ("10.0.0.2", Some(5432), true, false),
            ("10.0.0.3", Some(5432), true, true)
        ]
    );
}

#[test]
fn typed_objects_come_on_demand() {
    #[derive(serde::Deserialize)]
    struct Data {
        data: std::collections::BTreeMap<String, String>,
    }
    let model = Model::read([
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"n": "1"}}),
    ]);
    let typed: Data = model.entries().next().unwrap().get().unwrap();
    assert_eq!(typed.data["n"], "1");
}
