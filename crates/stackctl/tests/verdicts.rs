//! What an API server would say, offline, with the definitions that our types generate, of manifests on which a real server
//! has spoken.

use std::fs;

use crd_validate::{Registry, UnknownFields, Verdict, reader};
use fidelity::Corpus;

#[test]
fn our_definitions_give_the_verdicts_of_a_real_server() {
    let corpus = Corpus::from_environment();
    let mut registry = Registry::new();
    crd_families::add_definitions(crd_families::Channel::Experimental, &mut registry);
    // And the kinds of the lab's own.
    lab_builder::check::add_definitions(&mut registry);
    let mut judged = 0;
    let mut differ = Vec::new();
    for (path, verdict, _) in corpus.verdicts("") {
        let bytes = fs::read(corpus.root().join(&path)).unwrap();
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
        if accepted != verdict {
            differ.push(format!(
                "{path}: accepted by the server: {verdict}, here: {accepted}"
            ));
        }
    }
    assert!(judged >= corpus.at_least(1000), "only {judged} documents");
    assert!(
        differ.is_empty(),
        "{} of {judged} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
