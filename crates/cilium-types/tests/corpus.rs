//! Every document of the corpus that an API server accepted reads strictly and is written back the
//! same; what it misses in others is missed here, too.
//!
//! The corpus is not part of the project: `CORPUS_DIR` names its folder.
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

mod kinds;
mod losses;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use kinds::reread;
use losses::losses;
use serde_json::Value;

/// A document and what an API server said of it.
struct Entry {
    path: String,
    document: Value,
    accepted: bool,
    message: String,
}

fn corpus() -> Option<Vec<Entry>> {
    let Some(root) = std::env::var_os("CORPUS_DIR") else {
        // Past the capture of the test harness: nobody is to take this for a success.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CORPUS_DIR names no corpus, nothing was compared"
        );
        return None;
    };
    let root = PathBuf::from(root);
    let verdicts = fs::read_to_string(root.join("verdicts.tsv")).unwrap();
    let entries = verdicts
        .lines()
        .map(|line| line.splitn(3, '\t').collect::<Vec<_>>())
        .filter(|cells| cells[0].starts_with("cilium/"))
        .map(|cells| Entry {
            path: cells[0].to_owned(),
            document: serde_yaml::from_str(&fs::read_to_string(root.join(cells[0])).unwrap())
                .unwrap(),
            accepted: cells[1] == "accepted",
            message: cells.get(2).copied().unwrap_or_default().to_owned(),
        });
    Some(entries.collect())
}

#[test]
fn accepted_documents_come_back_as_they_were() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    let mut failures = Vec::new();
    for entry in corpus.iter().filter(|entry| entry.accepted) {
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
    assert!(read > 150, "only {read} documents found");
}

#[test]
fn what_the_server_misses_is_missed() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    for entry in corpus.iter().filter(|entry| !entry.accepted) {
        let demands = entry
            .message
            .match_indices(": Required value")
            .filter_map(|(end, _)| entry.message[..end].rsplit([' ', '[']).next());
        for path in demands.filter(|path| path.starts_with("spec")) {
            read += 1;
            let error = reread(&entry.document).unwrap_err();
            assert!(
                error.contains(&format!("{path}: required field is missing")),
                "{}: {error}",
                entry.path
            );
        }
    }
    assert!(read > 0, "no such document found");
}
