//! Every document of the corpus that an API server accepted reads strictly and is written back the
//! same; what it misses in others is missed here, too.
//!
//! `CORPUS_DIR` names the folder of a large corpus; without it, a small one of our own is read.

use crate::{kinds, losses};

use fidelity::Corpus;
use kinds::reread;
use losses::losses;

#[test]
fn accepted_documents_come_back_as_they_were() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("cilium");
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
    assert!(read >= corpus.at_least(150), "only {read} documents found");
}

#[test]
fn what_the_server_misses_is_missed() {
    let corpus = Corpus::from_environment();
    let entries = corpus.judged("cilium");
    let mut read = 0;
    for entry in entries.iter().filter(|entry| !entry.accepted) {
        let demands = entry
            .message
            .match_indices(": Required value")
            .filter_map(|(end, _)| entry.message[..end].rsplit([' ', '[']).next());
        for path in demands.filter(|path| path.starts_with("spec")) {
            read += 1;
            let error = reread(&entry.document).unwrap_err();
            // One of several fields that exclude each other is missed as one of them.
            let (object, field) = path.rsplit_once('.').unwrap_or(("", path));
            let is_missed = error.contains(&format!("{path}: required field is missing"))
                || error.contains(&format!("{object}: exactly one of"))
                    && error.contains(&format!("`{field}`"));
            assert!(is_missed, "{}: {error}", entry.path);
        }
    }
    assert!(read > 0, "no such document found");
}
