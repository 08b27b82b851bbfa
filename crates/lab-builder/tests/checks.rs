//! Each check passes on the documented lab, in every environment, and finds the fault that it is for.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use istio_types::security::v1::AuthorizationPolicy;
use istio_types::{Principal, WorkloadSelector};
use k8s_openapi::api::core::v1::{ConfigMap, Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lab_builder::components::{Cilium, Istio, Kong, Lgtm, kong};
use lab_builder::render::yaml;
use lab_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Environment, Lab, Object, Profile,
    Report, Severity,
};
use serde_json::{Value, json};

#[test]
fn the_documented_lab_is_clean() {
    for environment in Environment::DOCUMENTED {
        for profile in [Profile::Lab, Profile::DataCenter] {
            for skip_istio in [false, true] {
                let mut lab = Lab::new(environment.clone()).profile(profile);
                if skip_istio {
                    lab = lab.skip_istio();
                }
                let report = lab.build().unwrap().check();
                let checks: Vec<_> = report
                    .findings
                    .iter()
                    .map(|finding| finding.code.clone())
                    .collect();
                // The documented demo images float, and the documented repository of exercise 11-4 is for a person to say.
                let expected = ["floating-images", "placeholders"];
                assert!(
                    checks
                        .iter()
                        .all(|check| expected.contains(&check.as_ref())),
                    "{report:#?}"
                );
                let placeholders: Vec<_> = report
                    .findings
                    .iter()
                    .filter(|finding| finding.code == "placeholders")
                    .map(ToString::to_string)
                    .collect();
                assert_eq!(
                    placeholders,
                    [
                        "warning: Application argocd/demo-app-helm: spec.source.repoURL: `<your-repo>` was never filled in \
                         (placeholders): write what is meant in its place"
                    ]
                );
                assert!(report.into_result().is_ok());
            }
        }
    }
}

/// What a user might add, with a fault in it.
#[derive(Clone, Debug)]
enum Faulty {
    RouteTo(&'static str, u16),
    NodePort(i32),
    Guarded,
    Object(Value),
}

impl Component for Faulty {
    fn id(&self) -> &str {
        "faulty"
    }
    fn requires(&self) -> Vec<&str> {
        vec!["demo-app"]
    }
    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        match self {
            Faulty::RouteTo(service, port) => out.object(
                "route.yaml",
                kong::route(context, "demo", "mine", "mine", service, *port)?,
            ),
            Faulty::Object(object) => out.dynamic_object("object.yaml", object.clone()),
            Faulty::NodePort(port) => out.object("service.yaml", service("mine", Some(*port))),
            Faulty::Guarded => {
                let allow = AuthorizationPolicy::allow_service_accounts(
                    "mine-allow",
                    "demo",
                    WorkloadSelector::labels([("app", "mine")]),
                    [Principal::new("demo", "frontend")],
                );
                let mut mine = service("mine", None);
                if let Some(spec) = &mut mine.spec {
                    spec.selector = Some([("app".to_owned(), "mine".to_owned())].into());
                }
                out.object("service.yaml", mine)?;
                let labels = json!({"app": "mine", "env": "dev", "team": "platform"});
                let limits = json!({"cpu": "100m", "memory": "64Mi"});
                out.dynamic_object(
                    "pod.yaml",
                    json!({
                        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine", "namespace": "demo", "labels": labels},
                        "spec": {"securityContext": {"runAsNonRoot": true}, "containers": [
                            {"name": "mine", "image": "mine:1", "resources": {"limits": limits}},
                        ]},
                    }),
                )?;
                out.object("allow.yaml", allow)?;
                out.object(
                    "route.yaml",
                    kong::route(context, "demo", "mine", "mine", "mine", 80)?,
                )
            }
        }
    }
}

fn service(name: &str, node_port: Option<i32>) -> Service {
    Service {
        metadata: ObjectMeta {
            name: Some(name.into()),
            namespace: Some("demo".into()),
            ..ObjectMeta::default()
        },
        spec: Some(ServiceSpec {
            type_: node_port.map(|_| "NodePort".into()),
            ports: Some(vec![ServicePort {
                port: 80,
                node_port,
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

/// The check that finds it, where, and a lab that has it.
type Fault = (&'static str, &'static str, fn() -> Lab);

/// Labs with one fault each: the check that finds it, a part of what it says, and the lab.
fn faults() -> Vec<Fault> {
    vec![
        ("cni-chaining", "cni.exclusive", || {
            dev().configure(|cilium: &mut Cilium| cilium.values.cni.exclusive = true)
        }),
        ("socket-balancing", "socketLB.hostNamespaceOnly", || {
            dev().configure(|cilium: &mut Cilium| {
                cilium
                    .overlay
                    .insert("socketLB".into(), json!({"hostNamespaceOnly": false}));
            })
        }),
        ("ingest-storage", "kafka.enabled", || {
            let kafka = json!({"enabled": true});
            dev().configure(|lgtm: &mut Lgtm| {
                lgtm.mimir.overlay.insert("kafka".into(), kafka);
            })
        }),
        ("trace-completeness", "trace_idle_period", || {
            let ingester = json!({"ingester": {"trace_idle_period": "30s"}});
            dev().configure(|lgtm: &mut Lgtm| {
                lgtm.tempo.overlay.insert("tempo".into(), ingester);
            })
        }),
        ("trace-completeness", "cannot be read", || {
            dev().patch("lgtm", "otel-collector", |config: &mut ConfigMap| {
                for text in config.data.iter_mut().flat_map(|data| data.values_mut()) {
                    text.insert(0, '{');
                }
            })
        }),
        ("attribute-cardinality", "`process.pid`", || {
            dev().patch("lgtm", "otel-collector", |config: &mut ConfigMap| {
                for text in config.data.iter_mut().flat_map(|data| data.values_mut()) {
                    *text = text.replace("process.pid", "process.id");
                }
            })
        }),
        ("published-ports", "used by", || {
            dev().with(Faulty::NodePort(30080))
        }),
        ("published-ports", "between 30000 and 32767", || {
            dev().with(Faulty::NodePort(80))
        }),
        ("published-ports", "no Service has it", || {
            dev().configure(|kong: &mut Kong| {
                kong.overlay.insert(
                    "gateway".into(),
                    json!({"manager": {"http": {"nodePort": 31329}}}),
                );
            })
        }),
        ("gateway-identity", "answer 502", || {
            dev().with(Faulty::Guarded)
        }),
        (
            "external-plain-text",
            "portLevelMtls[8000], portLevelMtls[8443]",
            || dev().configure(|istio: &mut Istio| istio.plain_text_for_kong = false),
        ),
        (
            "plain-text-callers",
            "the validating webhook `kong-controller`, which the API server calls is refused: port 8080",
            || dev().configure(|istio: &mut Istio| istio.plain_text_for_webhook = false),
        ),
        ("dangling-backend", "no Service demo/backed", || {
            dev().with(Faulty::RouteTo("backed", 80))
        }),
        ("backend-port", "has no TCP port 8080", || {
            dev().with(Faulty::RouteTo("backend", 8080))
        }),
        // Of a family, of the built-in kinds, and of a kind that a template of the lab defines.
        (
            "admission",
            "KongPlugin demo/mine: config and configFrom exclude",
            || {
                dev().with(Faulty::Object(json!({
                "apiVersion": "configuration.konghq.com/v1", "kind": "KongPlugin",
                "metadata": {"name": "mine", "namespace": "demo"},
                "plugin": "cors", "config": {}, "configFrom": {"secretKeyRef": {"name": "a", "key": "b"}},
            })))
            },
        ),
        (
            "admission",
            "Pod demo/mine: spec.containers[0].volumeMounts[0].name",
            || {
                dev().with(Faulty::Object(json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine", "namespace": "demo"},
                "spec": {"containers": [{
                    "name": "a", "image": "a:1", "volumeMounts": [{"name": "data", "mountPath": "/data"}]
                }]},
            })))
            },
        ),
        (
            "policy-denies",
            "Pod strict/mine: spec.hostPID: namespace strict: violates PodSecurity",
            || {
                dev()
                    .with(Faulty::Object(json!({
                        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine", "namespace": "strict"},
                        "spec": {"hostPID": true, "containers": [{"name": "a", "image": "a:1"}]},
                    })))
                    .with(Strict)
            },
        ),
        ("admission", "spec.match.kind: unknown field", || {
            dev().with(Faulty::Object(json!({
                "apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sRequireLabels",
                "metadata": {"name": "mine"}, "spec": {"match": {"kind": []}},
            })))
        }),
    ]
}

/// What is found in the lab of each fault.
static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let faults = faults().into_iter();
    faults
        .map(|(_, _, lab)| lab().build().unwrap().check())
        .collect()
});

#[test]
fn each_fault_is_found_once() {
    for ((check, text, _), report) in faults().into_iter().zip(REPORTS.iter()) {
        let errors: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            // What shows a fault need not keep to the lab's policies.
            .filter(|finding| check == "policy-denies" || finding.code != "policy-denies")
            .map(ToString::to_string)
            .collect();
        assert_eq!(errors.len(), 1, "{check} {text}: {errors:#?}");
        assert!(
            errors[0].contains(check) && errors[0].contains(text),
            "{check} {text}: {errors:#?}"
        );
        assert!(report.clone().into_result().is_err());
    }
}

/// The same lab, with every object made anew from its value by `make`.
fn remade(lab: fn() -> Lab, make: fn(&Value) -> Value) -> Bundle {
    let typed = lab().build().unwrap();
    let mut names = Vec::new();
    for part in typed.parts() {
        let exercises = part.exercises().map(|(_, _, object)| object);
        for object in part.objects().map(|(_, object)| object).chain(exercises) {
            let id = object.id();
            let name = match &id.namespace {
                Some(namespace) => format!("{namespace}/{}", id.name),
                None => id.name.clone(),
            };
            names.push((part.id().to_owned(), id.kind.clone(), name));
        }
    }
    let remade = names.into_iter().fold(lab(), |lab, (part, kind, name)| {
        lab.stack(|stack| stack.patch_value(&part, &kind, &name, move |value| *value = make(value)))
    });
    remade.build().unwrap()
}

#[test]
fn a_fault_is_found_however_its_objects_were_made() {
    let as_map: fn(&Value) -> Value = Value::clone;
    let from_file: fn(&Value) -> Value =
        |value| serde_saphyr::from_str(&yaml::document(value)).unwrap();
    let found = |bundle: Bundle| {
        let untouched = |object: &&Object| object.get::<Value>().is_none();
        assert_eq!(bundle.objects().filter(untouched).count(), 0);
        bundle.check()
    };
    for ((_, _, lab), typed) in faults().into_iter().zip(REPORTS.iter()) {
        assert_eq!(found(remade(lab, from_file)), *typed);
    }
    assert_eq!(found(remade(dev, as_map)), dev().build().unwrap().check());
}

#[test]
fn a_kind_is_judged_where_its_definition_is_in_the_lab() {
    let lamp = |watts: i32| {
        Faulty::Object(json!({
            "apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk", "namespace": "demo"},
            "spec": {"watts": watts},
        }))
    };
    let admission = |lab: Lab| -> Vec<(Severity, String)> {
        let findings = lab.build().unwrap().check().findings;
        findings
            .into_iter()
            .filter(|finding| finding.code == "admission")
            .map(|finding| (finding.severity, finding.path.to_string()))
            .collect()
    };
    assert_eq!(
        admission(dev().with(lamp(100))),
        [(Severity::Warning, "kind".to_owned())]
    );
    assert_eq!(
        admission(dev().with(lamp(100)).with(Lamps)),
        [(Severity::Error, "spec.watts".to_owned())]
    );
    assert_eq!(admission(dev().with(lamp(40)).with(Lamps)), []);
}

/// A component that brings a namespace with a Pod Security level.
#[derive(Clone, Debug)]
struct Strict;

impl Component for Strict {
    fn id(&self) -> &str {
        "strict"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.dynamic_object(
            "namespace.yaml",
            json!({
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": {"name": "strict", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}},
            }),
        )
    }
}

/// A component that brings the definition of a kind.
#[derive(Clone, Debug)]
struct Lamps;

impl Component for Lamps {
    fn id(&self) -> &str {
        "lamps"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let schema = json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {"watts": {"type": "integer", "maximum": 60}}}
        }});
        out.dynamic_object(
            "crd.yaml",
            json!({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "lamps.example.com"},
                "spec": {
                    "group": "example.com", "scope": "Namespaced",
                    "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
                    "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
                },
            }),
        )
    }
}

/// Gatekeeper's constraints are asked of the pods that a workload makes, not of single Pods alone.
#[test]
fn the_labs_own_constraints_judge_the_pods_of_its_workloads() {
    let labels = json!({"app": "mine", "env": "dev", "team": "platform"});
    let limits = json!({"cpu": "100m", "memory": "64Mi"});
    let deployment = |privileged: bool| {
        Faulty::Object(json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "mine", "namespace": "demo", "labels": labels},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "mine"}}, "template": {
                "metadata": {"labels": labels},
                "spec": {"securityContext": {"runAsNonRoot": true}, "containers": [
                    {"name": "mine", "image": "mine:1", "securityContext": {"privileged": privileged}, "resources": {"limits": limits}},
                ]},
            }},
        }))
    };
    let said = |privileged| {
        let report = dev().with(deployment(privileged)).build().unwrap().check();
        let denials = report
            .findings
            .into_iter()
            .filter(|finding| finding.code == "policy-denies");
        denials
            .map(|finding| finding.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(said(false), [] as [&str; 0]);
    assert_eq!(
        said(true),
        [
            "error: Deployment demo/mine: spec.template: deny-privileged-container: 컨테이너 'mine'가 privileged 모드로 \
             실행됩니다. (policy-denies): change the object, or exempt it in the policy"
        ]
    );
}
