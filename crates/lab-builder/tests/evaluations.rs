//! The documented lab asks the evaluator of CEL for nothing, so that programs which render it can be built without one.
#![allow(clippy::unwrap_used)]

use crd_validate::cel::evaluations;
use lab_builder::{
    Component, ComponentError, Context, Contribution, Environment, Lab, Profile, Severity,
};
use serde_json::json;

/// An object whose rules ask for more than the lab's.
#[derive(Clone, Debug)]
struct BeyondPlain;

impl Component for BeyondPlain {
    fn id(&self) -> &str {
        "beyond-plain"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let rule = json!({"rule": "self.when.getFullYear() > 2000", "message": "is too old"});
        let names = json!({"kind": "Thing", "plural": "things", "listKind": "ThingList", "singular": "thing"});
        let schema = json!({"type": "object", "properties": {"spec": {
            "type": "object",
            "properties": {"when": {"type": "string", "format": "date-time"}},
            "x-kubernetes-validations": [rule]}}});
        out.dynamic_object(
            "definition.yaml",
            json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "things.example.com"},
                "spec": {"group": "example.com", "names": names, "scope": "Cluster", "versions": [
                    {"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]}}),
        )?;
        out.dynamic_object(
            "thing.yaml",
            json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "old"},
                "spec": {"when": "1999-01-01T00:00:00Z"}}),
        )
    }
}

#[test]
fn the_documented_lab_is_judged_without_an_evaluator_and_other_objects_are_not() {
    for environment in Environment::DOCUMENTED {
        for profile in [Profile::Lab, Profile::DataCenter] {
            for skip_istio in [false, true] {
                for registry in [None, Some("registry.example.com/lab")] {
                    let mut lab = Lab::new(environment.clone()).profile(profile);
                    if skip_istio {
                        lab = lab.skip_istio();
                    }
                    if let Some(registry) = registry {
                        lab = lab.registry(registry.parse().unwrap());
                    }
                    lab.build().unwrap().check();
                    assert_eq!(evaluations(), 0, "{environment} {profile:?} {skip_istio}");
                }
            }
        }
    }

    let report = Lab::new(Environment::Dev)
        .with(BeyondPlain)
        .build()
        .unwrap()
        .check();
    assert!(evaluations() > 0, "{report:#?}");
    let mut errors = report.findings.iter();
    let found = errors.any(|finding| {
        finding.severity == Severity::Error && finding.message.contains("is too old")
    });
    assert!(found, "{report:#?}");
}
