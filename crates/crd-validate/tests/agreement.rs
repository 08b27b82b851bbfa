//! Agreement with a real API server on the corpus, with upstream's definitions, whose folder `CRDS_DIR` names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crd_validate::{Validator, reader};
use fidelity::{Corpus, data_folder, yaml_files};
use serde_json::Value;

use crate::plain_words;

fn validators(folder: &Path) -> BTreeMap<(String, String), Validator> {
    let mut validators = BTreeMap::new();
    for family in [
        "gateway-api/experimental",
        "istio",
        "cilium",
        "argocd",
        "gatekeeper",
    ] {
        for file in yaml_files(&folder.join(family)) {
            let bytes = fs::read(&file).unwrap();
            for document in reader::read(&bytes) {
                let validator = Validator::new(&document.content.unwrap()).unwrap();
                validator.compile().unwrap();
                let key = (validator.group().to_owned(), validator.kind().to_owned());
                validators.insert(key, validator);
            }
        }
    }
    validators
}

#[test]
fn verdicts_are_those_of_a_real_server() {
    let Some(definitions) = data_folder("CRDS_DIR") else {
        return;
    };
    let corpus = Corpus::from_environment();
    let validators = validators(&definitions);
    let (mut judged, mut differ, mut unjudged) = (0, Vec::new(), 0);
    for (path, accepted, message) in corpus.verdicts("") {
        let bytes = fs::read(corpus.root().join(&path)).unwrap();
        let documents = reader::read(&bytes);
        assert_eq!(
            documents.len(),
            1,
            "{path} has {} documents",
            documents.len()
        );
        let mut findings: Vec<String> = Vec::new();
        match &documents[0].content {
            Err(error) => findings.push(error.to_string()),
            Ok(object) => {
                let mut object = object.clone();
                object.as_object_mut().unwrap().shift_remove("_err");
                let text = |key: &str| {
                    object
                        .get(key)
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned()
                };
                let group = text("apiVersion").split('/').next().unwrap().to_owned();
                let validator = validators
                    .get(&(group, text("kind")))
                    .unwrap_or_else(|| panic!("{path}: no definition"));
                let report = validator.create(&object);
                unjudged += report.notes.len();
                for rule in &report.notes {
                    println!("unjudged: {path}: {rule}");
                }
                let messages = report.findings.iter().map(|found| found.message.as_str());
                plain_words::check(&path, messages);
                findings.extend(
                    report
                        .findings
                        .iter()
                        .map(|found| format!("{}: {}", found.path, found.message)),
                );
            }
        }
        judged += 1;
        if findings.is_empty() != accepted {
            differ.push(format!(
                "{path}\n  server: accepted: {accepted} {message}\n  here: {findings:?}"
            ));
        }
        if std::env::var_os("SHOW_FINDINGS").is_some() && !findings.is_empty() {
            println!(
                "{path}\n  server: {message}\n  here: {}",
                findings.join(" | ")
            );
        }
    }
    println!(
        "{} of {judged} verdicts agree, {unjudged} rules not judged",
        judged - differ.len()
    );
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
