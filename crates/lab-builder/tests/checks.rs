//! Each check passes on the documented lab, in every environment, and finds the fault that it is for.

use istio_types::security::v1::AuthorizationPolicy;
use istio_types::{Principal, WorkloadSelector};
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lab_builder::components::{Cilium, Istio, Kong, kong};
use lab_builder::{
    Component, ComponentError, Context, Contribution, Environment, Lab, Profile, Severity,
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
                // The documented demo images float.
                assert!(
                    checks.iter().all(|check| *check == "floating-images"),
                    "{report:#?}"
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
                out.object("service.yaml", service("mine", None))?;
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

#[test]
fn each_fault_is_found_once() {
    let dev = || Lab::new(Environment::Dev);
    let table: Vec<(&str, &str, Lab)> = vec![
        (
            "cni-chaining",
            "cni.exclusive",
            dev().configure(|cilium: &mut Cilium| cilium.values.cni.exclusive = true),
        ),
        (
            "socket-balancing",
            "socketLB.hostNamespaceOnly",
            dev().configure(|cilium: &mut Cilium| {
                cilium
                    .overlay
                    .insert("socketLB".into(), json!({"hostNamespaceOnly": false}));
            }),
        ),
        (
            "published-ports",
            "used by",
            dev().with(Faulty::NodePort(30080)),
        ),
        (
            "published-ports",
            "between 30000 and 32767",
            dev().with(Faulty::NodePort(80)),
        ),
        (
            "published-ports",
            "no Service has it",
            dev().configure(|kong: &mut Kong| {
                kong.overlay.insert(
                    "gateway".into(),
                    json!({"manager": {"http": {"nodePort": 31329}}}),
                );
            }),
        ),
        (
            "gateway-identity",
            "answer 502",
            dev().with(Faulty::Guarded),
        ),
        (
            "external-plain-text",
            "portLevelMtls[8000], portLevelMtls[8443]",
            dev().configure(|istio: &mut Istio| istio.plain_text_for_kong = false),
        ),
        (
            "dangling-references",
            "no Service demo/backed",
            dev().with(Faulty::RouteTo("backed", 80)),
        ),
        (
            "dangling-references",
            "has no port 8080",
            dev().with(Faulty::RouteTo("backend", 8080)),
        ),
        // Of a family, of the built-in kinds, and of a kind that a template of the lab defines.
        (
            "admission",
            "KongPlugin demo/mine: config and configFrom exclude",
            dev().with(Faulty::Object(json!({
                "apiVersion": "configuration.konghq.com/v1", "kind": "KongPlugin",
                "metadata": {"name": "mine", "namespace": "demo"},
                "plugin": "cors", "config": {}, "configFrom": {"secretKeyRef": {"name": "a", "key": "b"}},
            }))),
        ),
        (
            "admission",
            "Pod demo/mine: spec.containers[0].volumeMounts[0].name",
            dev().with(Faulty::Object(json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine", "namespace": "demo"},
                "spec": {"containers": [{
                    "name": "a", "image": "a:1", "volumeMounts": [{"name": "data", "mountPath": "/data"}]
                }]},
            }))),
        ),
        (
            "admission",
            "spec.match.kind: unknown field",
            dev().with(Faulty::Object(json!({
                "apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sRequireLabels",
                "metadata": {"name": "mine"}, "spec": {"match": {"kind": []}},
            }))),
        ),
    ];
    for (check, text, lab) in table {
        let report = lab.build().unwrap().check();
        let errors: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert_eq!(errors.len(), 1, "{check} {text}: {errors:#?}");
        assert!(
            errors[0].contains(check) && errors[0].contains(text),
            "{check} {text}: {errors:#?}"
        );
        assert!(report.into_result().is_err());
    }
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
    let dev = || Lab::new(Environment::Dev);
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
