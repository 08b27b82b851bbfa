//! Any object that the generated schema allows reads strictly and writes back the same.

#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use fidelity::random::{Random, object};
use fidelity::round_trip;
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::matching::Wildcard;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use gatekeeper_types::{
    config, connection, expansion, externaldata, mutations, status, syncset, templates,
};
use k8s_openapi::Resource;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Reads and writes a document of its kind and version.
fn round_trip_by_kind(document: &Value) -> Result<(), String> {
    macro_rules! by_kind {
        ($($Type:ty),+ $(,)?) => {
            match (document["apiVersion"].as_str().unwrap(), document["kind"].as_str().unwrap()) {
                $((<$Type>::API_VERSION, <$Type>::KIND) => round_trip::<$Type>(document),)+
                (version, kind) => Err(format!("there is no type for {kind} of {version}")),
            }
        };
    }
    by_kind!(
        config::v1alpha1::Config,
        connection::v1alpha1::Connection,
        expansion::v1alpha1::ExpansionTemplate,
        expansion::v1beta1::ExpansionTemplate,
        externaldata::v1alpha1::Provider,
        externaldata::v1beta1::Provider,
        mutations::v1::Assign,
        mutations::v1::AssignMetadata,
        mutations::v1::ModifySet,
        mutations::v1alpha1::Assign,
        mutations::v1alpha1::AssignImage,
        mutations::v1alpha1::AssignMetadata,
        mutations::v1alpha1::ModifySet,
        mutations::v1beta1::Assign,
        mutations::v1beta1::AssignMetadata,
        mutations::v1beta1::ModifySet,
        status::v1alpha1::ConnectionPodStatus,
        status::v1beta1::ConfigPodStatus,
        status::v1beta1::ConstraintPodStatus,
        status::v1beta1::ConstraintTemplatePodStatus,
        status::v1beta1::ExpansionTemplatePodStatus,
        status::v1beta1::MutatorPodStatus,
        status::v1beta1::ProviderPodStatus,
        syncset::v1alpha1::SyncSet,
        templates::v1::ConstraintTemplate,
        templates::v1alpha1::ConstraintTemplate,
        templates::v1beta1::ConstraintTemplate,
    )
}

fn check(outcome: Result<(), String>, document: &Value) -> Result<(), TestCaseError> {
    outcome.map_err(|why| TestCaseError::fail(format!("{why}\n{document:#}")))
}

/// The CRD of constraints with a few parameters. Its status says nothing, so that it is left out.
fn constraint_crd() -> Value {
    let Value::Object(schema) =
        json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}})
    else {
        unreachable!()
    };
    let template = ConstraintTemplate::rego("K8sX", "package x").with_parameters(schema);
    let mut crd = serde_json::to_value(template.constraint_crd().unwrap()).unwrap();
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
                check(round_trip_by_kind(&document), &document)?;
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
