//! Expressions of built-in kinds that are not read here: never passed over in silence.

use crd_validate::{Registry, UnknownFields, Verdict};
use serde_json::json;

#[test]
fn an_expression_that_is_not_read_is_said_to_be() {
    let policy = |expression: &str| {
        json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "a"},
            "spec": {
                "matchConstraints": {"resourceRules": [
                    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
                ]},
                "validations": [{"expression": expression}]
            }
        })
    };
    let said = |expression: &str| {
        let judgement = Registry::new().judge(&policy(expression), UnknownFields::Refuse);
        assert_eq!(judgement.verdict, Verdict::Accepted);
        let notes = judgement.report.notes.iter();
        notes
            .map(|note| format!("{}: {}", note.path, note.message))
            .collect::<Vec<_>>()
    };
    assert!(said("!!true").is_empty());
    assert_eq!(
        said(&format!("{}true", "!".repeat(2_002))),
        ["spec.validations[0].expression: the expression is not judged: it is nested too deep"]
    );
}
