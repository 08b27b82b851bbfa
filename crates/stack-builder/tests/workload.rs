//! What is said of a workload stands in its manifests, and nothing else.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stack_builder::{Object, Port, Probe, TypedObject, Workload};

fn value(object: impl TypedObject) -> Value {
    Object::typed(object).unwrap().value().clone()
}

#[test]
fn a_workload_of_which_little_is_said_is_a_restricted_pod() {
    let web = Workload::new("demo", "web", "web:1");
    assert_eq!((web.name(), web.namespace()), ("web", "demo"));
    let labels = json!({"app.kubernetes.io/name": "web"});
    let pod = json!({
        "metadata": {"labels": labels},
        "spec": {
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "web", "image": "web:1",
                "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
            }],
        },
    });
    let metadata = json!({"name": "web", "namespace": "demo", "labels": labels});
    assert_eq!(
        value(web.deployment()),
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod},
        })
    );
    assert_eq!(
        value(web.daemon_set())["spec"],
        json!({"selector": {"matchLabels": labels}, "template": pod})
    );
    assert_eq!(
        value(web.stateful_set())["spec"],
        json!({"replicas": 1, "selector": {"matchLabels": labels}, "serviceName": "web", "template": pod})
    );
    assert!(web.config_map().is_none());
}

#[test]
fn everything_that_is_said_of_a_workload_stands_in_the_pod() {
    let labels: BTreeMap<String, String> = [
        ("app".to_owned(), "web".to_owned()),
        ("tier".to_owned(), "front".to_owned()),
    ]
    .into();
    let selector: BTreeMap<String, String> = [("app".to_owned(), "web".to_owned())].into();
    let web = Workload::new("demo", "web", "web:1")
        .labelled(labels, selector)
        .annotated("team", "blue")
        .replicas(2)
        .command(["/web"])
        .args(["--quiet"])
        .env("MODE", "fast")
        .port(Port::new("http", 8080).served_on(80))
        .port(Port::new("admin", 9090).spelled_out())
        .ready(Probe::http("/ready", 8080).after(3))
        .live(Probe::tcp(8080))
        .requests([("cpu", "100m")])
        .limits([("memory", "64Mi")])
        .user(1000)
        .group(2000)
        .read_only()
        .service_account("web")
        .without_api_token()
        .config("/etc/web", "web.toml", "a = 1")
        .scratch("tmp", "/tmp")
        .claim("data", "/data", "1Gi");
    let mut set = value(web.stateful_set());
    let checksum = &mut set["spec"]["template"]["metadata"]["annotations"]["checksum/config"];
    assert!(checksum.take().as_str().is_some_and(|sum| sum.len() == 16));
    assert_eq!(
        set,
        json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "web", "namespace": "demo", "labels": {"app": "web", "tier": "front"}},
            "spec": {
                "replicas": 2, "serviceName": "web", "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "metadata": {
                        "labels": {"app": "web", "tier": "front"},
                        "annotations": {"checksum/config": null, "team": "blue"},
                    },
                    "spec": {
                        "automountServiceAccountToken": false, "serviceAccountName": "web",
                        "securityContext": {
                            "runAsNonRoot": true, "runAsUser": 1000, "runAsGroup": 2000, "fsGroup": 2000,
                            "seccompProfile": {"type": "RuntimeDefault"},
                        },
                        "containers": [{
                            "name": "web", "image": "web:1", "command": ["/web"], "args": ["--quiet"],
                            "env": [{"name": "MODE", "value": "fast"}],
                            "ports": [{"name": "http", "containerPort": 8080}, {"name": "admin", "containerPort": 9090, "protocol": "TCP"}],
                            "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "initialDelaySeconds": 3},
                            "livenessProbe": {"tcpSocket": {"port": 8080}},
                            "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "64Mi"}},
                            "securityContext": {
                                "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true,
                            },
                            "volumeMounts": [
                                {"name": "config", "mountPath": "/etc/web", "readOnly": true},
                                {"name": "tmp", "mountPath": "/tmp"},
                                {"name": "data", "mountPath": "/data"},
                            ],
                        }],
                        "volumes": [{"name": "config", "configMap": {"name": "web"}}, {"name": "tmp", "emptyDir": {}}],
                    },
                },
                "volumeClaimTemplates": [{
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                    "metadata": {"name": "data"},
                    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                }],
            },
        })
    );
    assert_eq!(
        value(web.service())["spec"],
        json!({
            "type": "ClusterIP", "selector": {"app": "web"},
            "ports": [
                {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"},
                {"name": "admin", "port": 9090, "targetPort": "admin", "protocol": "TCP"},
            ],
        })
    );
    let map = value(web.config_map().unwrap());
    assert_eq!(map["data"], json!({"web.toml": "a = 1"}));
    assert_eq!(map["metadata"], set["metadata"]);
}

#[test]
fn a_job_runs_to_its_end_and_may_have_a_schedule() {
    let web = Workload::new("demo", "web", "web:1").replicas(3);
    let job = value(web.job(2))["spec"].clone();
    assert_eq!(job["template"]["spec"]["restartPolicy"], "Never");
    let numbers = |spec: &Value| {
        ["completions", "parallelism", "backoffLimit"].map(|member| spec[member].clone())
    };
    assert_eq!(numbers(&job), [json!(3), json!(1), json!(2)]);
    let cron = value(web.cron_job("0 3 * * *", 2))["spec"].clone();
    assert_eq!(
        (&cron["schedule"], &cron["concurrencyPolicy"]),
        (&json!("0 3 * * *"), &json!("Forbid"))
    );
    assert_eq!(cron["jobTemplate"]["spec"], job);
}
