//! What an API server would say, offline, with the definitions that our types generate, of manifests on which a real server
//! has spoken.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use crd_validate::{Registry, UnknownFields, Verdict, reader};

fn registry() -> Registry {
    let mut registry = Registry::new();
    lab_builder::check::add_definitions(&mut registry);
    registry
}

/// Documents on which our definitions give another verdict, each with its reason.
const EXCEPTIONS: [(&str, &str); 0] = [];

#[test]
fn our_definitions_give_the_verdicts_of_a_real_server() {
    let Some(corpus) = std::env::var_os("CORPUS_DIR").map(PathBuf::from) else {
        // Past the capture of the test harness: nobody is to take this for a success.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CORPUS_DIR names no corpus, no verdict was compared"
        );
        return;
    };
    let registry = registry();
    let table = fs::read_to_string(corpus.join("verdicts.tsv")).unwrap();
    let mut judged = 0;
    let mut differ = Vec::new();
    for row in table.lines().skip(1) {
        let mut cells = row.split('\t');
        let (path, verdict) = (cells.next().unwrap(), cells.next().unwrap());
        let bytes = fs::read(corpus.join(path)).unwrap();
        let accepted = match &reader::read(&bytes)[0].content {
            Err(_) => false,
            Ok(document) => {
                let mut document = document.clone();
                // The authors' word on what is wrong, which was taken out before the server was asked.
                document.as_object_mut().unwrap().shift_remove("_err");
                let judgement = registry.judge(&document, UnknownFields::Refuse);
                assert_ne!(judgement.verdict, Verdict::Unknown, "{path}");
                judgement.verdict == Verdict::Accepted
            }
        };
        judged += 1;
        if accepted != (verdict == "accepted")
            && !EXCEPTIONS.iter().any(|(known, _)| *known == path)
        {
            differ.push(format!(
                "{path}: server {verdict}, here accepted: {accepted}"
            ));
        }
    }
    assert!(judged > 1000, "only {judged} documents");
    assert!(
        differ.is_empty(),
        "{} of {judged} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
