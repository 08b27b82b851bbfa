//! Every document of the corpus that an API server accepted reads strictly and is written back the
//! same. `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use crate::kinds;

use crd_core::Segment;
use fidelity::{Corpus, losses};
use kinds::reread;

fn is_in_status(problem: &crd_core::Problem) -> bool {
    problem.path.segments().first() == Some(&Segment::Field("status".to_owned()))
}

#[test]
fn accepted_documents_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("gateway-api");
    let (mut read, mut unseen) = (0, 0);
    let mut failures = Vec::new();
    for entry in entries.iter().filter(|entry| entry.accepted) {
        let (path, document) = (&entry.path, &entry.document);
        let outcome = reread(document);
        read += 1;
        match outcome {
            None => failures.push(format!("{path}: no such kind")),
            // Whoever creates an object cannot set its status, so the server drops it unread.
            Some(Err(error)) if error.problems().iter().all(is_in_status) => unseen += 1,
            Some(Err(error)) => failures.push(format!("{path}: {error}")),
            Some(Ok(written)) => failures.extend(
                losses(document, &written)
                    .into_iter()
                    .map(|loss| format!("{path}{loss}")),
            ),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        read >= corpus.at_least(400) && unseen < 4,
        "{read} read, {unseen} with a status that is none"
    );
}

#[test]
fn what_types_forbid_the_server_refused_as_well() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("gateway-api");
    let refused = entries
        .iter()
        .filter(|entry| !entry.accepted && matches!(reread(&entry.document), Some(Err(_))))
        .count();
    assert!(refused >= corpus.at_least(12), "only {refused}");
}
