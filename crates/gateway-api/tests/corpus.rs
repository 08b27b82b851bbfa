//! Every document of the corpus that an API server accepted reads strictly and is written back the
//! same. The corpus is not part of the project: `CORPUS_DIR` names its folder.
#![allow(clippy::panic, clippy::unwrap_used)]

mod kinds;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crd_core::Segment;
use kinds::{losses, reread};
use serde_json::Value;

/// The server had the CRDs of the experimental channel: without these fields and kinds, documents
/// that use them cannot be read.
const EXPERIMENTAL: [&str; 9] = [
    "TCPRoute",
    "UDPRoute",
    "x-k8s.io",
    "sessionPersistence",
    "retry",
    "externalAuth",
    "ExternalAuth",
    "defaultScope",
    "useDefaultGateways",
];

fn corpus() -> Option<Vec<(String, Value, bool)>> {
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
    let documents = verdicts
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|cells| cells[0].starts_with("gateway-api/"))
        .map(|cells| {
            let text = fs::read_to_string(root.join(cells[0])).unwrap();
            let mut document: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
            document.apply_merge().unwrap();
            let document = serde_json::to_value(document).unwrap();
            (cells[0].to_owned(), document, cells[1] == "accepted")
        });
    Some(documents.collect())
}

fn is_experimental(document: &Value) -> bool {
    let text = document.to_string();
    EXPERIMENTAL.iter().any(|word| text.contains(word))
}

fn is_in_status(problem: &crd_core::Problem) -> bool {
    problem.path.segments().first() == Some(&Segment::Field("status".to_owned()))
}

#[test]
fn accepted_documents_come_back_as_they_were() {
    let Some(corpus) = corpus() else { return };
    let (mut read, mut beyond, mut unseen) = (0, 0, 0);
    let mut failures = Vec::new();
    for (path, document, _) in corpus.iter().filter(|(_, _, accepted)| *accepted) {
        let outcome = reread(document);
        if !cfg!(feature = "experimental")
            && is_experimental(document)
            && !matches!(outcome, Some(Ok(_)))
        {
            beyond += 1;
            continue;
        }
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
        read > 400 && beyond < 40 && unseen < 4,
        "{read} read, {beyond} beyond this channel, {unseen} with a status that is none"
    );
}

#[test]
fn what_types_forbid_the_server_refused_as_well() {
    let Some(corpus) = corpus() else { return };
    let refused = corpus
        .iter()
        .filter(|(_, document, accepted)| !accepted && matches!(reread(document), Some(Err(_))))
        .count();
    assert!(refused >= 12, "only {refused}");
}
