//! Every document of the corpus that an API server accepted reads strictly and is written back the same; what it refused for an
//! unknown field is refused too.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.
#![cfg(all(
    feature = "extensions",
    feature = "networking",
    feature = "security",
    feature = "telemetry"
))]

use crate::common;

use common::reread;
use fidelity::{Corpus, losses};

#[test]
fn accepted_documents_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("istio");
    let mut read = 0;
    let mut failures = Vec::new();
    for entry in entries.iter().filter(|entry| entry.accepted) {
        read += 1;
        match reread(&entry.document) {
            Err(error) => failures.push(format!("{}: {error}", entry.path)),
            Ok(written) => failures.extend(
                losses(&entry.document, &written)
                    .into_iter()
                    .map(|loss| format!("{}{loss}", entry.path)),
            ),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read >= corpus.at_least(300), "only {read} documents found");
}

#[test]
fn unknown_fields_are_refused_as_the_server_does() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("istio");
    let mut read = 0;
    for entry in entries
        .iter()
        .filter(|entry| entry.message.contains("unknown field"))
    {
        read += 1;
        let error = reread(&entry.document).unwrap_err();
        for part in entry.message.split("unknown field \"").skip(1) {
            let path = part.split('"').next().unwrap();
            assert!(
                error.contains(&format!("{path}: unknown field")),
                "{}: {error}",
                entry.path
            );
        }
    }
    assert!(read >= corpus.at_least(4), "only {read} documents found");
}
