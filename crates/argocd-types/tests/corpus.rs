//! Every document of the corpus that an API server accepted reads strictly and writes back the same.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use crate::common;

use common::reread;
use fidelity::{Corpus, Entry};

#[test]
fn accepted_documents_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let mut read = 0;
    let mut failures = Vec::new();
    let accepted = corpus
        .judged("argocd")
        .into_iter()
        .filter(|entry| entry.accepted);
    for Entry { path, document, .. } in accepted {
        read += 1;
        if let Err(why) = reread(&document) {
            failures.push(format!("{path}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read >= corpus.at_least(70), "only {read} documents found");
}
