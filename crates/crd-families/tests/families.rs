//! What must hold for every family.

use std::collections::BTreeSet;

use crate::common::WHOLE;
use crd_core::crd::CustomResourceDefinition;
use crd_families::{Channel, Registry};
use serde_json::json;

#[test]
fn no_kind_belongs_to_two_families() {
    let registry = Registry::new();
    let mut seen = BTreeSet::new();
    for version in registry
        .families()
        .iter()
        .flat_map(|family| family.versions())
    {
        let info = version.info();
        assert!(
            seen.insert((info.group, info.version, info.kind)),
            "{info:?} is declared twice"
        );
    }
    assert!(seen.len() > 90, "{}", seen.len());
}

#[test]
fn every_kind_keeps_objects_in_one_version_that_is_served() {
    for channel in [Channel::Standard, Channel::Experimental] {
        for definition in Registry::new().definitions(channel) {
            let stored: Vec<_> = definition
                .versions()
                .iter()
                .filter(|version| version.is_stored())
                .collect();
            assert_eq!(stored.len(), 1, "{}", definition.kind());
            assert!(stored[0].is_served(channel), "{}", definition.kind());
        }
    }
}

#[test]
fn every_schema_is_one_that_a_server_can_read() {
    for (definition, crd) in WHOLE.iter().flat_map(|whole| &whole.definitions) {
        assert!(!crd.to_string().contains("x-crd-"));
        let read = serde_json::from_value::<CustomResourceDefinition>(crd.clone());
        read.unwrap_or_else(|error| panic!("{}: {error}", definition.kind()));
    }
}

#[test]
fn every_version_refuses_the_documents_of_another() {
    let registry = Registry::new();
    for version in registry
        .families()
        .iter()
        .flat_map(|family| family.versions())
    {
        let foreign = json!({"apiVersion": "example.com/v1", "kind": version.info().kind, "metadata": {"name": "a"}});
        let error = version.lenient(&foreign).unwrap_err();
        assert_eq!(
            error.problems()[0].path.to_string(),
            "apiVersion",
            "{error}"
        );
        let found = registry
            .version(&version.api_version(), version.info().kind)
            .unwrap();
        assert_eq!(found.info(), version.info());
    }
    assert!(registry.version("v1", "Pod").is_none());
}
