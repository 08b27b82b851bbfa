//! Every document of the corpus that an API server accepted reads strictly and writes back the same.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use argocd_types::v1alpha1::{AppProject, Application, ApplicationSet};
use fidelity::{Corpus, Entry, round_trip};

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
        let outcome = match document["kind"].as_str() {
            Some("Application") => round_trip::<Application>(&document),
            Some("ApplicationSet") => round_trip::<ApplicationSet>(&document),
            Some("AppProject") => round_trip::<AppProject>(&document),
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
    assert!(read >= corpus.at_least(70), "only {read} documents found");
}
