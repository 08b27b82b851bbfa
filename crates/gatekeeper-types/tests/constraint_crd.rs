//! The CustomResourceDefinition that Gatekeeper makes from a template.

#![cfg(feature = "schema")]

use crd_core::parse;
use gatekeeper_types::matching::Match;
use gatekeeper_types::templates::{ConstraintCrdError, v1, v1beta1};
use serde_json::{Value, json};

fn template(version: &str, spec: Value) -> Value {
    json!({
        "apiVersion": format!("templates.gatekeeper.sh/{version}"), "kind": "ConstraintTemplate",
        "metadata": {"name": "k8srequirelabels", "labels": {"team": "a"}}, "spec": spec,
    })
}

fn spec(validation: Value) -> Value {
    json!({
        "crd": {"spec": {"names": {"kind": "K8sRequireLabels", "shortNames": ["krl"]}, "validation": validation}},
        "targets": [{"target": "admission.k8s.gatekeeper.sh", "rego": "package x"}],
    })
}

fn crd_v1(spec: Value) -> Result<Value, ConstraintCrdError> {
    let template: v1::ConstraintTemplate = parse::strict(&template("v1", spec)).unwrap();
    template
        .constraint_crd()
        .map(|crd| serde_json::to_value(crd).unwrap())
}

fn parameters(crd: &Value) -> &Value {
    &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["parameters"]
}

#[test]
fn names_versions_and_schema_are_gatekeepers() {
    let schema = json!({"type": "object", "properties": {"labels": {"type": "array", "items": {"type": "string"}}}});
    let crd = crd_v1(spec(json!({"openAPIV3Schema": schema}))).unwrap();
    assert_eq!(
        crd["metadata"]["name"],
        "k8srequirelabels.constraints.gatekeeper.sh"
    );
    assert_eq!(
        crd["metadata"]["labels"],
        json!({"gatekeeper.sh/constraint": "yes", "team": "a"})
    );
    assert_eq!(
        crd["spec"]["names"],
        json!({
            "kind": "K8sRequireLabels", "listKind": "K8sRequireLabelsList", "plural": "k8srequirelabels",
            "singular": "k8srequirelabels", "shortNames": ["krl"], "categories": ["constraint", "constraints"],
        })
    );
    assert_eq!(crd["spec"]["scope"], "Cluster");
    let versions: Vec<_> = crd["spec"]["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| (&v["name"], &v["storage"]))
        .collect();
    assert_eq!(
        versions,
        [
            (&json!("v1beta1"), &json!(true)),
            (&json!("v1alpha1"), &json!(false))
        ]
    );
    assert_eq!(parameters(&crd), &schema);
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"];
    assert_eq!(
        spec["enforcementAction"],
        json!({"type": "string", "default": "deny"})
    );
    let namespaces = &spec["match"]["properties"]["namespaces"]["items"]["pattern"];
    assert_eq!(namespaces, r"^\*?[-:a-z0-9]*\*?$");
}

#[test]
fn without_a_schema_there_are_no_parameters() {
    for validation in [json!({}), Value::Null, json!({"legacySchema": false})] {
        let crd = crd_v1(spec(validation)).unwrap();
        assert_eq!(parameters(&crd), &Value::Null);
    }
}

#[test]
fn a_legacy_schema_keeps_what_it_does_not_name() {
    let written = json!({"properties": {"a": {"type": "array"}, "b": {"type": "string"}, "c": {"items": {"type": "object"}, "type": "array"}}});
    let kept = json!({
        "x-kubernetes-preserve-unknown-fields": true,
        "properties": {
            "a": {"type": "array", "items": {"x-kubernetes-preserve-unknown-fields": true}},
            "b": {"type": "string"},
            "c": {"type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
        },
    });
    let crd = crd_v1(spec(
        json!({"legacySchema": true, "openAPIV3Schema": written}),
    ))
    .unwrap();
    assert_eq!(parameters(&crd), &kept);

    let old = |validation| {
        let template: v1beta1::ConstraintTemplate =
            parse::strict(&template("v1beta1", spec(validation))).unwrap();
        serde_json::to_value(template.constraint_crd().unwrap()).unwrap()
    };
    assert_eq!(parameters(&old(json!({"openAPIV3Schema": written}))), &kept);
    assert_eq!(
        parameters(&old(
            json!({"legacySchema": false, "openAPIV3Schema": written})
        )),
        &written
    );
    assert_eq!(
        parameters(&old(Value::Null)),
        &json!({"x-kubernetes-preserve-unknown-fields": true})
    );
}

#[test]
fn what_gatekeeper_refuses_is_an_error() {
    let change = |pointer: &str, value: Value| {
        let mut spec = spec(json!({"openAPIV3Schema": {"type": "object"}}));
        *spec.pointer_mut(pointer).unwrap() = value;
        crd_v1(spec).unwrap_err()
    };
    assert!(matches!(
        change("/crd/spec/names/kind", json!("")),
        ConstraintCrdError::NoKind { .. }
    ));
    assert!(
        matches!(change("/crd/spec/names/kind", json!("Other")), ConstraintCrdError::Name { wanted, .. } if wanted == "other")
    );
    assert!(matches!(
        change("/targets", json!([])),
        ConstraintCrdError::Targets { found: 0, .. }
    ));
    assert!(matches!(
        change("/targets/0/target", json!("x")),
        ConstraintCrdError::UnknownTarget { .. }
    ));
    let error = change(
        "/crd/spec/validation/openAPIV3Schema/type",
        json!(["object"]),
    )
    .to_string();
    assert!(
        error.contains("openAPIV3Schema: ") && error.contains("type: "),
        "{error}"
    );
}

#[test]
fn what_is_written_down_of_criteria_is_what_the_type_says() {
    let schema = crd_core::schema::schema_for::<Match>().to_value();
    assert!(
        format!("{schema:#}\n") == include_str!("../src/templates/match.json"),
        "`cargo run -p gatekeeper-types --features schema --example match_schema` prints it anew"
    );
}
