//! What an API server would say, offline, with the definitions that our types generate: of the whole lab, and of
//! manifests on which a real server has spoken.

#[path = "../check/bindings.rs"]
#[allow(dead_code)]
mod bindings;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use crd_validate::{Registry, UnknownFields, Verdict, reader};
use gatekeeper_types::templates::v1::ConstraintTemplate;
use lab_builder::{Bundle, Environment, Lab, Profile};
use serde_json::Value;

fn registry() -> Registry {
    let mut registry = Registry::new();
    bindings::add_families(&mut registry);
    registry
}

/// The registry knows the lab's constraints as well: Gatekeeper makes their definitions from the templates.
fn registry_of(bundle: &Bundle) -> Registry {
    let mut registry = registry();
    let constraints: Vec<Value> = bundle
        .objects_of::<ConstraintTemplate>()
        .map(|template| serde_json::to_value(template.constraint_crd().unwrap()).unwrap())
        .collect();
    registry.add_family(["constraints.gatekeeper.sh"], move || constraints.clone());
    registry
}

#[test]
fn the_lab_is_accepted_in_every_environment() {
    for environment in Environment::DOCUMENTED {
        for profile in [Profile::Lab, Profile::DataCenter] {
            let bundle = Lab::new(environment.clone())
                .profile(profile)
                .build()
                .unwrap();
            let registry = registry_of(&bundle);
            let exercises = bundle
                .parts()
                .iter()
                .flat_map(|part| part.exercises())
                .map(|(.., object)| object);
            let mut unknown = BTreeSet::new();
            for object in bundle.objects().chain(exercises) {
                let judgement = registry.judge(object.value(), UnknownFields::Refuse);
                match judgement.verdict {
                    Verdict::Unknown => drop(unknown.insert(object.id().kind.clone())),
                    _ => assert!(
                        judgement.report.findings.is_empty(),
                        "{environment} {}: {:?}",
                        object.id(),
                        judgement.report.findings
                    ),
                }
            }
            // Kong's family has no crate yet.
            assert_eq!(unknown.into_iter().collect::<Vec<_>>(), ["KongPlugin"]);
        }
    }
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
