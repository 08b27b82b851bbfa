//! What stands in for the evaluator where none is built in: everything that it is asked is said to be unknown, and why.

pub(super) mod judge;
pub(super) mod read;
pub(super) mod values;

/// Why nothing is known.
const NOT_BUILT_IN: &str = "this program is built without an evaluator of CEL (feature `cel` of crd-validate, stack-policy and lab-builder)";

pub(super) const IS_BUILT_IN: bool = false;

/// How often it was asked so far: whoever is not there cannot be.
pub(super) const fn asked() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::cel::{EvaluationError, Expression, Scope};
    use crate::{Registry, UnknownFields, Verdict};

    fn judged(rule: serde_json::Value, spec: serde_json::Value) -> (Verdict, Vec<String>) {
        let schema = json!({"type": "object", "properties": {"spec": {"type": "object",
            "properties": {"a": {"type": "string"}, "n": {"type": "integer"}}, "x-kubernetes-validations": [rule]}}});
        let definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "things.example.com"},
            "spec": {"group": "example.com", "scope": "Cluster",
                "names": {"kind": "Thing", "plural": "things", "listKind": "ThingList", "singular": "thing"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]}});
        let mut registry = Registry::new();
        registry.add_text(&definition.to_string()).unwrap();
        let thing = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "one"}, "spec": spec});
        let judgement = registry.judge(&thing, UnknownFields::Refuse);
        let said = judgement
            .report
            .findings
            .iter()
            .chain(&judgement.report.notes);
        (judgement.verdict, said.map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_plain_is_answered_and_everything_else_is_said_to_be_unknown() {
        let (verdict, said) = judged(json!({"rule": "has(self.a)"}), json!({"a": "x"}));
        assert_eq!((verdict, said), (Verdict::Accepted, Vec::new()));

        let rule =
            json!({"rule": "has(self.a)", "messageExpression": "'no ' + 'a'", "message": "no a"});
        let (verdict, said) = judged(rule, json!({}));
        assert_eq!(verdict, Verdict::Rejected, "{said:?}");
        assert!(said[0].contains("no a"), "{said:?}");

        for rule in [
            "self.a.lowerAscii() == self.a",
            "self.?a.hasValue()",
            "self.n / 0 == 1",
        ] {
            let (verdict, said) = judged(json!({"rule": rule}), json!({"a": "X", "n": 1}));
            assert_ne!(verdict, Verdict::Rejected, "{rule}: {said:?}");
            assert!(
                said.len() == 1 && said[0].contains(super::NOT_BUILT_IN),
                "{rule}: {said:?}"
            );
        }
    }

    #[test]
    fn a_rule_about_the_old_value_is_no_matter_of_a_creation() {
        let rule = json!({"rule": "self.n >= oldSelf.n"});
        let (verdict, said) = judged(rule, json!({"n": 1}));
        assert_eq!((verdict, said), (Verdict::Accepted, Vec::new()));
    }

    #[test]
    fn expressions_of_policies_are_unknown() {
        for text in ["object.a == 1", "object.?a.hasValue()"] {
            let found = Expression::read(text).evaluate(&Scope::default());
            assert!(
                matches!(&found, Err(EvaluationError::Unknown(reason)) if reason.contains(super::NOT_BUILT_IN)),
                "{text}: {found:?}"
            );
        }
    }
}
