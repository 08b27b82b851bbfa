//! What is said where the evaluator of CEL and JMESPath are left out: never that an object is fine, always what is not known.

use serde_json::{Value, json};

use crate::{Action, Outcome, Policies};
use stack_model::Model;

fn said_of_a_deployment(policies: Vec<Value>) -> Vec<String> {
    let web = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"replicas": 6, "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "web:1"}]}}}});
    let model = Model::read(policies.into_iter().chain([web]));
    let report = Policies::of(&model).judge(&model);
    let verdicts = report.verdicts.iter();
    verdicts
        .map(|verdict| match verdict.outcome {
            Outcome::Unknown => verdict.message.clone(),
            Outcome::Broken => format!("{}: {}", Action::as_str(verdict.action), verdict.message),
        })
        .collect()
}

#[test]
fn an_expression_is_unknown() {
    let said = said_of_a_deployment(vec![
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"},
            "spec": {"validations": [{"expression": "object.spec.replicas <= 5"}],
                "matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]}}}),
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "b"},
            "spec": {"policyName": "p", "validationActions": ["Deny"]}}),
    ]);
    assert!(
        matches!(&*said, [one] if one.contains("without an evaluator of CEL")),
        "{said:#?}"
    );
}

#[test]
fn a_query_is_unknown() {
    let conditions = json!({"any": [{"key": "{{ request.object.spec.replicas }}", "operator": "GreaterThan", "value": 5}]});
    let said = said_of_a_deployment(vec![
        json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"validationFailureAction": "Enforce", "rules": [{
            "name": "r", "match": {"any": [{"resources": {"kinds": ["Deployment"]}}]},
            "validate": {"message": "no", "deny": {"conditions": conditions}}}]}}),
    ]);
    assert!(
        matches!(&*said, [one] if one.contains("without JMESPath")),
        "{said:#?}"
    );
}
