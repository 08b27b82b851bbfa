//! Every document of the corpus that an API server accepted reads strictly and writes back the same.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use fidelity::{Corpus, Entry, round_trip};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::{
    config, connection, expansion, externaldata, mutations, syncset, templates,
};
use k8s_openapi::Resource;
use serde_json::Value;

type RoundTrip = fn(&Value) -> Result<(), String>;

/// Reads and writes a document of a kind and version; `None` for kinds that are not ours.
fn reader(api_version: &str, kind: &str) -> Option<RoundTrip> {
    macro_rules! readers {
        ($($Type:ty),+ $(,)?) => {
            match (api_version, kind) {
                $((<$Type>::API_VERSION, <$Type>::KIND) => Some(round_trip::<$Type>),)+
                _ => None,
            }
        };
    }
    readers!(
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
        syncset::v1alpha1::SyncSet,
        templates::v1::ConstraintTemplate,
        templates::v1alpha1::ConstraintTemplate,
        templates::v1beta1::ConstraintTemplate,
    )
}

#[test]
fn accepted_documents_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let mut read = 0;
    let mut failures = Vec::new();
    let accepted = corpus
        .judged("gatekeeper")
        .into_iter()
        .filter(|entry| entry.accepted);
    for Entry { path, document, .. } in accepted {
        let outcome = match (document["apiVersion"].as_str(), document["kind"].as_str()) {
            (Some(version), Some(kind)) => match reader(version, kind) {
                Some(read) => read(&document),
                None => continue,
            },
            _ => continue,
        };
        read += 1;
        if let Err(why) = outcome {
            failures.push(format!("{path}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read >= corpus.at_least(75), "only {read} documents found");
}

/// No API server was asked about constraints, since their kinds are made at run time.
#[test]
fn constraints_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let mut read = 0;
    let mut failures = Vec::new();
    for (path, document) in corpus.all("gatekeeper") {
        if document["apiVersion"] != "constraints.gatekeeper.sh/v1beta1" {
            continue;
        }
        read += 1;
        if let Err(why) = round_trip::<Constraint>(&document) {
            failures.push(format!("{path}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read >= corpus.at_least(40), "only {read} constraints found");
}
