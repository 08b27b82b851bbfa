//! Every document of the corpus that an API server accepted reads strictly and writes back the same.
//!
//! The corpus is not part of the project: `CORPUS_DIR` names its folder.

mod roundtrip;

use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates;
use roundtrip::{Corpus, Outcome, round_trip};

#[test]
fn accepted_documents_come_back_as_they_were() {
    let Some(corpus) = Corpus::from_environment() else {
        return;
    };
    let mut read = 0;
    let mut failures = Vec::new();
    for (path, document) in corpus.accepted("gatekeeper") {
        let outcome = match (document["apiVersion"].as_str(), document["kind"].as_str()) {
            (Some("templates.gatekeeper.sh/v1"), _) => {
                round_trip::<templates::v1::ConstraintTemplate>(&document)
            }
            _ => continue,
        };
        read += 1;
        if let Outcome::Different(why) = outcome {
            failures.push(format!("{path}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read > 20, "only {read} documents found");
}

/// No API server was asked about constraints, since their kinds are made at run time.
#[test]
fn constraints_come_back_as_they_were() {
    let Some(corpus) = Corpus::from_environment() else {
        return;
    };
    let mut read = 0;
    let mut failures = Vec::new();
    for (path, document) in corpus.all("gatekeeper") {
        if document["apiVersion"] != "constraints.gatekeeper.sh/v1beta1" {
            continue;
        }
        read += 1;
        if let Outcome::Different(why) = round_trip::<Constraint>(&document) {
            failures.push(format!("{path}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read > 40, "only {read} constraints found");
}
