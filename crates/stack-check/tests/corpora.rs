//! Real manifests, folder by folder as stacks: nothing panics, and a look at what is found. The corpora are not part of the
//! project: `CORPUS_DIR` and `BUILTIN_CORPUS_DIR` name them.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value;
use stack_check::{Config, capacity, run};
use stack_model::{Model, Origin, SourceObject};

fn documents(path: &Path) -> Vec<SourceObject> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let name: std::sync::Arc<str> = path.to_str().unwrap_or_default().into();
    serde_yaml::Deserializer::from_str(&text)
        .filter_map(|document| {
            serde_json::to_value(serde_yaml::Value::deserialize(document).ok()?).ok()
        })
        .map(|value: Value| SourceObject::new(value, Origin::file(name.clone(), 1)))
        .collect()
}

fn by_folder(root: &Path) -> BTreeMap<PathBuf, Vec<SourceObject>> {
    let mut folders: BTreeMap<PathBuf, Vec<SourceObject>> = BTreeMap::new();
    for path in fidelity::yaml_files(root) {
        let folder = path.parent().unwrap().to_path_buf();
        folders.entry(folder).or_default().extend(documents(&path));
    }
    folders
}

#[test]
fn real_manifests_as_stacks_give_no_panic() {
    for variable in ["CORPUS_DIR", "BUILTIN_CORPUS_DIR"] {
        let Some(root) = std::env::var_os(variable) else {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: {variable} names no corpus, nothing was read"
            );
            continue;
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut folders, mut objects) = (0, 0);
        for (folder, documents) in by_folder(Path::new(&root)) {
            for whole in [false, true] {
                let model = Model::read(documents.iter().cloned());
                folders += 1;
                objects += model.len();
                let report = run(
                    &model,
                    &Config {
                        whole,
                        ..Config::default()
                    },
                );
                let _ = capacity::table(&model);
                if !whole {
                    for finding in &report.findings {
                        *counts.entry(finding.code.to_string()).or_default() += 1;
                        eprintln!("{}: {finding}", folder.display());
                    }
                }
            }
        }
        eprintln!("{variable}: {folders} runs over {objects} objects: {counts:?}");
        assert!(objects > 0);
    }
}
