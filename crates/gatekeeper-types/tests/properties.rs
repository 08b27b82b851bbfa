//! Any object that the generated schema allows reads strictly and writes back the same.

#![cfg(feature = "schema")]

use crate::common;

use std::sync::LazyLock;

use common::reread;
use fidelity::random::{Random, object};
use fidelity::round_trip;
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::matching::Wildcard;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use proptest::prelude::*;
use serde_json::{Value, json};

fn check(outcome: Result<(), String>, document: &Value) -> Result<(), TestCaseError> {
    outcome.map_err(|why| TestCaseError::fail(format!("{why}\n{document:#}")))
}

/// The CRD of constraints with a few parameters. Its status says nothing, so that it is left out.
fn constraint_crd() -> Value {
    let schema = json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}});
    let template = ConstraintTemplate::rego("K8sX", "package x").with_parameters(&schema);
    let mut crd = serde_json::to_value(template.unwrap().constraint_crd().unwrap()).unwrap();
    for version in crd["spec"]["versions"].as_array_mut().unwrap() {
        version["schema"]["openAPIV3Schema"]["properties"]
            .as_object_mut()
            .unwrap()
            .remove("status");
    }
    crd
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn objects_survive(seed in any::<u64>()) {
        static CRDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
            gatekeeper_types::crds().iter().map(|crd| serde_json::to_value(crd).unwrap()).collect()
        });
        for crd in CRDS.iter() {
            for version in crd["spec"]["versions"].as_array().unwrap() {
                let document = object(crd, version, &mut Random(seed));
                check(reread(&document).unwrap(), &document)?;
            }
        }
    }

    #[test]
    fn constraints_survive(seed in any::<u64>()) {
        static CRD: LazyLock<Value> = LazyLock::new(constraint_crd);
        let crd = &*CRD;
        for version in crd["spec"]["versions"].as_array().unwrap() {
            let document = object(crd, version, &mut Random(seed));
            check(round_trip::<Constraint>(&document), &document)?;
        }
    }

    #[test]
    fn a_wildcard_without_stars_matches_itself_alone(name in "[a-z0-9-]{1,9}", other in "[a-z0-9-]{1,9}") {
        let exact = Wildcard::from(name.as_str());
        prop_assert!(exact.is_valid());
        prop_assert_eq!(exact.matches(&other), name == other);
        for (wildcard, around) in [
            (format!("{name}*"), format!("{name}{other}")),
            (format!("*{name}"), format!("{other}{name}")),
            (format!("*{name}*"), format!("{other}{name}{other}")),
        ] {
            prop_assert!(Wildcard::from(wildcard).matches(&around));
        }
    }
}
