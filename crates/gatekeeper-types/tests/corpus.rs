//! Every document of the corpus that an API server accepted reads strictly and writes back the same.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use crate::common;

use common::reread;
use fidelity::{Corpus, Entry, round_trip};
use gatekeeper_types::constraints::Constraint;

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
        let Some(outcome) = reread(&document) else {
            continue;
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
