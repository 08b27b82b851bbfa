//! Reading a corpus of manifests, and comparing what was read with what is written.

#![allow(dead_code, clippy::panic, clippy::unwrap_used)]

pub mod random;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::Value;

/// A folder of manifests with an API server's verdicts.
pub struct Corpus {
    root: PathBuf,
    verdicts: BTreeMap<String, bool>,
}

/// What became of a document.
pub enum Outcome {
    /// It was written back as it was read.
    Same,
    /// It was refused or came back changed; the text says why.
    Different(String),
}

impl Corpus {
    /// The corpus that `CORPUS_DIR` names.
    pub fn from_environment() -> Option<Self> {
        let Some(root) = std::env::var_os("CORPUS_DIR") else {
            // Past the capture of the test harness.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: CORPUS_DIR names no corpus, nothing was compared"
            );
            return None;
        };
        let root = PathBuf::from(root);
        let verdicts = std::fs::read_to_string(root.join("verdicts.tsv")).unwrap();
        let verdicts = verdicts
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut cells = line.split('\t');
                Some((cells.next()?.to_owned(), cells.next()? == "accepted"))
            })
            .collect();
        Some(Self { root, verdicts })
    }

    /// The documents of a family that the API server accepted.
    pub fn accepted(&self, family: &str) -> Vec<(String, Value)> {
        let prefix = format!("{family}/");
        self.verdicts
            .iter()
            .filter(|(path, accepted)| **accepted && path.starts_with(&prefix))
            .map(|(path, _)| (path.clone(), self.read(path)))
            .collect()
    }

    /// All files of a family, whether the API server was asked about them or not.
    pub fn all(&self, family: &str) -> Vec<(String, Value)> {
        let mut paths = Vec::new();
        collect(&self.root.join(family), &mut paths);
        paths.sort();
        paths
            .into_iter()
            .filter_map(|path| {
                let path = path.strip_prefix(&self.root).ok()?.to_str()?.to_owned();
                let text = std::fs::read_to_string(self.root.join(&path)).ok()?;
                let documents = serde_yaml::Deserializer::from_str(&text)
                    .filter_map(|document| Value::deserialize(document).ok());
                Some(
                    documents
                        .map(|document| (path.clone(), document))
                        .collect::<Vec<_>>(),
                )
            })
            .flatten()
            .collect()
    }

    fn read(&self, path: &str) -> Value {
        let text = std::fs::read_to_string(self.root.join(path)).unwrap();
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            into.push(path);
        }
    }
}

/// Reads a document strictly, writes it, and compares.
pub fn round_trip<T: DeserializeOwned + Serialize>(document: &Value) -> Outcome {
    let object: T = match crd_core::parse::strict(document) {
        Ok(object) => object,
        Err(error) => return Outcome::Different(error.to_string()),
    };
    let written = serde_json::to_value(&object).unwrap();
    let mut differences = Vec::new();
    compare(document, &written, String::new(), &mut differences);
    if differences.is_empty() {
        Outcome::Same
    } else {
        Outcome::Different(differences.join(", "))
    }
}

/// Empty lists and objects and nulls may be left out; all else must be the same.
fn compare(before: &Value, after: &Value, path: String, differences: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(written) => compare(value, written, path, differences),
                    None if is_nothing(value) => {}
                    None => differences.push(format!("{path} is lost")),
                }
            }
            for key in after.keys().filter(|key| !before.contains_key(*key)) {
                differences.push(format!("{path}.{key} is new"));
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (position, (before, after)) in before.iter().zip(after).enumerate() {
                compare(before, after, format!("{path}[{position}]"), differences);
            }
        }
        _ if before == after => {}
        _ => differences.push(format!("{path} was {before} and is {after}")),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_nothing),
        _ => false,
    }
}
