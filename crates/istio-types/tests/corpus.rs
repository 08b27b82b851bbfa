//! Every document of the corpus that an API server accepted reads strictly and is written back the same; what it refused for an
//! unknown field is refused too.
//!
//! The corpus is not part of the project: `CORPUS_DIR` names its folder.
#![cfg(all(
    feature = "extensions",
    feature = "networking",
    feature = "security",
    feature = "telemetry"
))]
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;

use common::{compare, reread};

/// A document and what an API server said of it.
struct Entry {
    path: String,
    document: Value,
    accepted: bool,
    message: String,
}

fn corpus() -> Option<Vec<Entry>> {
    let Some(root) = std::env::var_os("CORPUS_DIR") else {
        // Past the capture of test output, so that it is seen.
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
        .filter(|cells| cells[0].starts_with("istio/"))
        .map(|cells| {
            let text = fs::read_to_string(root.join(cells[0])).unwrap();
            let mut document: Value = serde_yaml::from_str(&text).unwrap();
            // What upstream's own tests expect, beside the object.
            document.as_object_mut().unwrap().remove("_err");
            Entry {
                path: cells[0].to_owned(),
                document,
                accepted: cells[1] == "accepted",
                message: cells.get(2).copied().unwrap_or_default().to_owned(),
            }
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
            Ok(written) => compare(&entry.document, &written, &entry.path, &mut failures),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read > 300, "only {read} documents found");
}

#[test]
fn unknown_fields_are_refused_as_the_server_does() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    for entry in corpus
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
    assert!(read > 3, "only {read} documents found");
}
