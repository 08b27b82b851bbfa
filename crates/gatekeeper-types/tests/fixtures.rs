//! Own documents: what they say is found in the types, and nothing is lost on the way back.

use crd_core::parse;
use fidelity::round_trip;
use gatekeeper_types::constraints::{
    Constraint, ConstraintParameters, ConstraintVersion, EnforcementAction, EnforcementPointName,
    ScopedEnforcementAction,
};
use gatekeeper_types::matching::{Scope, Source};
use gatekeeper_types::mutations::v1::Assign;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use gatekeeper_types::templates::{Code, RegoSource, RegoVersion};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

fn template(target: Value) -> Value {
    json!({
        "apiVersion": "templates.gatekeeper.sh/v1", "kind": "ConstraintTemplate", "metadata": {"name": "k8sx"},
        "spec": {
            "crd": {"spec": {"names": {"kind": "K8sX", "shortNames": ["x"]}, "validation": {"legacySchema": false,
                "openAPIV3Schema": {"type": "object", "properties": {"min": {"type": "integer", "x-odd": [1.0, null]}}}}}},
            "targets": [target],
        },
    })
}

fn assert_same<T: serde::de::DeserializeOwned + Serialize>(document: &Value) {
    assert_eq!(round_trip::<T>(document), Ok(()), "{document}");
}

#[test]
fn code_of_every_engine_survives_in_any_order() {
    let rego = json!({"engine": "Rego", "source": {"version": "v1", "rego": "package x", "libs": ["package lib.y"]}});
    let cel = json!({"source": {"validations": [{"expression": "true", "messageExpression": "'m'"}],
        "failurePolicy": "Ignore", "matchCondition": [{"name": "n", "expression": "true"}],
        "variables": [{"name": "v", "expression": "1"}], "generateVAP": true}, "engine": "K8sNativeValidation"});
    let other = json!({"engine": "Wasm", "source": [1, {"a": 2.0}]});
    let document = template(
        json!({"target": "admission.k8s.gatekeeper.sh", "operations": ["CREATE", "*"],
        "code": [rego, cel, other]}),
    );
    assert_same::<ConstraintTemplate>(&document);
    let read: ConstraintTemplate = parse::strict(&document).unwrap();
    let target = &read.spec.unwrap().targets[0];
    assert_eq!(target.rego_source().unwrap().version, Some(RegoVersion::V1));
    assert_eq!(target.cel_source().unwrap().generate_vap, Some(true));
    assert_eq!(target.code[2].engine(), "Wasm");
}

#[test]
fn broken_code_is_reported_with_its_path() {
    let document = template(json!({"target": "admission.k8s.gatekeeper.sh", "code": [
        {"engine": "Rego", "source": {"rgo": "package x", "rego": "package x"}},
        {"engine": "K8sNativeValidation", "source": {"validations": [{"expression": 1}]}},
        {"engine": "Rego"},
    ]}));
    let error = parse::strict::<ConstraintTemplate>(&document).unwrap_err();
    let paths: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.path.to_string())
        .collect();
    assert_eq!(
        paths,
        [
            "spec.targets[0].code[0].source.rgo",
            "spec.targets[0].code[1].source.validations[0].expression",
            "spec.targets[0].code[2].source",
        ]
    );
}

#[test]
fn templates_are_short_to_write() {
    let schema = json!({"type": "object", "properties": {"labels": {"type": "array", "items": {"type": "string"}}}});
    let built = ConstraintTemplate::rego("K8sRequireLabels", "package x")
        .with_libs(["package lib.a"])
        .with_parameters(&schema)
        .unwrap();
    let read: ConstraintTemplate = parse::strict(&json!({
        "apiVersion": "templates.gatekeeper.sh/v1", "kind": "ConstraintTemplate", "metadata": {"name": "k8srequirelabels"},
        "spec": {
            "crd": {"spec": {"names": {"kind": "K8sRequireLabels"}, "validation": {"openAPIV3Schema": schema}}},
            "targets": [{"target": "admission.k8s.gatekeeper.sh", "rego": "package x", "libs": ["package lib.a"]}],
        },
    }))
    .unwrap();
    assert_eq!(built, read);

    let source = RegoSource {
        rego: "package y".into(),
        ..RegoSource::default()
    };
    let v1 = ConstraintTemplate::rego_v1("K8sY", source).with_libs(["package lib.b"]);
    let Code::Rego(source) = &v1.spec.unwrap().targets[0].code[0] else {
        unreachable!()
    };
    assert_eq!(
        (source.version, source.libs.len()),
        (Some(RegoVersion::V1), 1)
    );
}

#[test]
fn a_constraint_with_everything_survives() {
    let document = json!({
        "apiVersion": "constraints.gatekeeper.sh/v1alpha1", "kind": "K8sX", "metadata": {"name": "x"},
        "spec": {
            "enforcementAction": "scoped",
            "scopedEnforcementActions": [{"action": "warn", "enforcementPoints": [{"name": "audit.gatekeeper.sh"}, {"name": "mine"}]}],
            "match": {
                "source": "Original", "kinds": [{"apiGroups": ["*"], "kinds": ["Pod"]}], "scope": "Namespaced",
                "namespaces": ["team-*"], "excludedNamespaces": ["*-system"], "name": "web-*",
                "labelSelector": {"matchLabels": {"a": "b"}},
                "namespaceSelector": {"matchExpressions": [{"key": "k", "operator": "Exists"}]},
            },
            "parameters": {"min": 1, "f": 1.0, "none": null},
        },
        "status": {
            "auditTimestamp": "2026-01-02T03:04:05Z", "totalViolations": 1,
            "byPod": [{"id": "p", "constraintUID": "u", "enforced": true, "operations": ["audit"], "observedGeneration": 2,
                "errors": [{"code": "c", "message": "m"}],
                "enforcementPointsStatus": [{"enforcementPoint": "vap.k8s.io", "state": "generated"}]}],
            "violations": [{"group": "", "version": "v1", "kind": "Pod", "name": "n", "namespace": "d", "message": "m",
                "enforcementAction": "scoped", "enforcementActions": ["warn"]}],
        },
    });
    assert_same::<Constraint>(&document);
    let read: Constraint = parse::strict(&document).unwrap();
    assert_eq!(read.version(), ConstraintVersion::V1Alpha1);
    assert_eq!(
        read.spec.parameters.as_ref().unwrap(),
        &document["spec"]["parameters"]
    );
    assert_eq!(read.spec.r#match.scope, Some(Scope::Namespaced));
    assert_eq!(read.spec.r#match.source, Some(Source::Original));
    #[cfg(feature = "kube")]
    assert_eq!(
        <Constraint as kube_core::Resource>::url_path(&read.constraint_kind(), None),
        "/apis/constraints.gatekeeper.sh/v1alpha1/k8sx"
    );
}

/// An empty selector selects everything, and stands for itself.
#[test]
fn empty_selectors_are_kept() {
    let selectors = json!({"labelSelector": {"matchLabels": {}}, "namespaceSelector": {}});
    let constraint = json!({"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sX", "metadata": {"name": "x"},
        "spec": {"match": selectors}});
    let read: Constraint = parse::strict(&constraint).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), constraint);
    let assign = json!({"apiVersion": "mutations.gatekeeper.sh/v1", "kind": "Assign", "metadata": {"name": "x"},
        "spec": {"match": selectors}});
    let read: Assign = parse::strict(&assign).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), assign);
}

#[test]
fn a_schema_of_parameters_is_an_object() {
    for schema in [json!(null), json!([{}]), json!("object")] {
        let template = ConstraintTemplate::rego("K8sX", "package x");
        assert!(template.with_parameters(&schema).is_err(), "{schema}");
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Labels {
    labels: Vec<String>,
}

impl ConstraintParameters for Labels {
    const KIND: Option<&'static str> = Some("K8sRequireLabels");
}

#[test]
fn typed_parameters_bring_their_kind() {
    let built = Constraint::of(
        "require",
        Labels {
            labels: vec!["team".into()],
        },
    )
    .enforce_scoped([ScopedEnforcementAction::new(
        EnforcementAction::Warn,
        [EnforcementPointName::All],
    )])
    .except_namespaces(["kube-*"]);
    let mut document = serde_json::to_value(&built).unwrap();
    assert_eq!(
        parse::strict::<Constraint<Labels>>(&document).unwrap(),
        built
    );

    document["spec"]["parameters"]["lables"] = json!([]);
    let error = parse::strict::<Constraint<Labels>>(&document)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("spec.parameters.lables: unknown field"),
        "{error}"
    );

    document["kind"] = json!("K8sDenyPrivileged");
    let error = parse::lenient::<Constraint<Labels>>(&document)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("kind: ") && error.contains("K8sRequireLabels"),
        "{error}"
    );
    assert!(parse::lenient::<Constraint>(&document).is_ok());
}

#[test]
fn constraints_of_another_group_are_refused() {
    let document = json!({"apiVersion": "templates.gatekeeper.sh/v1", "kind": "K8sX", "metadata": {"name": "x"}});
    let error = parse::lenient::<Constraint>(&document)
        .unwrap_err()
        .to_string();
    assert!(error.contains("apiVersion: "), "{error}");
}

#[test]
fn a_bare_constraint_denies_and_stays_bare() {
    let document = json!({"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sX", "metadata": {"name": "x"}});
    let read: Constraint = parse::strict(&document).unwrap();
    assert_eq!(read.enforcement_action(), &EnforcementAction::Deny);
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
    assert_eq!(read, Constraint::new("K8sX", "x"));
}
