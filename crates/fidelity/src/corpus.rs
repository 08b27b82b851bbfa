//! Real manifests with an API server's verdict on each.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// A folder of manifests, with the verdicts in `verdicts.tsv`.
#[derive(Clone, Debug)]
pub struct Corpus {
    root: PathBuf,
    is_small: bool,
}

/// A document on which the server has spoken.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file, from the corpus's folder.
    pub path: String,
    /// What stands in it, without the `_err` in which upstream's tests say what is wrong with it.
    pub document: Value,
    /// Whether the server took it.
    pub accepted: bool,
    /// Why the server refused it; else empty.
    pub message: String,
}

impl Corpus {
    /// The corpus that the environment variable `CORPUS_DIR` names, else the small one beside this crate.
    #[must_use]
    pub fn from_environment() -> Self {
        match std::env::var_os("CORPUS_DIR") {
            Some(root) => Self {
                root: PathBuf::from(root),
                is_small: false,
            },
            None => Self::small(),
        }
    }

    /// The corpus beside this crate: a few documents per family, written for this project.
    #[must_use]
    pub fn small() -> Self {
        Self {
            root: Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
            is_small: true,
        }
    }

    /// How many documents a test must find at least, so that a test which reads nothing fails: `count` in the corpus that
    /// `CORPUS_DIR` names, one in the small corpus.
    #[must_use]
    pub fn at_least(&self, count: usize) -> usize {
        if self.is_small { 1 } else { count }
    }

    /// The corpus's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Path, verdict and message of every document of a family; of all families where it is empty.
    #[must_use]
    pub fn verdicts(&self, family: &str) -> Vec<(String, bool, String)> {
        fs::read_to_string(self.root.join("verdicts.tsv"))
            .unwrap()
            .lines()
            .skip(1)
            .map(|row| row.splitn(3, '\t').collect::<Vec<_>>())
            .filter(|cells| family.is_empty() || cells[0].starts_with(&format!("{family}/")))
            .map(|cells| {
                let message = cells.get(2).copied().unwrap_or_default();
                (
                    cells[0].to_owned(),
                    cells[1] == "accepted",
                    message.to_owned(),
                )
            })
            .collect()
    }

    /// The documents of a family on which the server has spoken.
    #[must_use]
    pub fn judged(&self, family: &str) -> Vec<Entry> {
        let entries = self.verdicts(family).into_iter();
        entries
            .map(|(path, accepted, message)| {
                let [mut document] = <[Value; 1]>::try_from(self.documents(&path))
                    .unwrap_or_else(|found| panic!("{path} has {} documents", found.len()));
                if let Some(members) = document.as_object_mut() {
                    members.shift_remove("_err");
                }
                Entry {
                    path,
                    document,
                    accepted,
                    message,
                }
            })
            .collect()
    }

    /// All documents of a family that are YAML, whether the server was asked about them or not.
    #[must_use]
    pub fn all(&self, family: &str) -> Vec<(String, Value)> {
        yaml_files(&self.root.join(family))
            .iter()
            .filter_map(|path| path.strip_prefix(&self.root).ok()?.to_str())
            .flat_map(|path| {
                let documents = self.documents(path).into_iter();
                documents.map(|document| (path.to_owned(), document))
            })
            .collect()
    }

    fn documents(&self, path: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.root.join(path)).unwrap();
        serde_yaml::Deserializer::from_str(&text)
            .filter_map(|document| {
                let mut document = serde_yaml::Value::deserialize(document).ok()?;
                document.apply_merge().ok()?;
                serde_json::to_value(document).ok()
            })
            .collect()
    }
}

/// The YAML files below a folder, in alphabetical order.
#[must_use]
pub fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(yaml_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Kinds that are made at run time, and files that a policy suite names, have no definition that a server could ask.
    fn has_verdict(path: &str, document: &Value) -> bool {
        !path.starts_with("gatekeeper/library/")
            && document["apiVersion"] != "constraints.gatekeeper.sh/v1beta1"
    }

    #[test]
    fn every_document_of_the_small_corpus_has_one_verdict() {
        let corpus = Corpus::small();
        let verdicts = corpus.verdicts("");
        let judged: BTreeSet<String> = verdicts.iter().map(|row| row.0.clone()).collect();
        assert_eq!(judged.len(), verdicts.len(), "a path stands there twice");
        let expected: BTreeSet<String> = corpus
            .all("")
            .into_iter()
            .filter(|(path, document)| has_verdict(path, document))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(judged, expected);
    }

    #[test]
    fn the_small_corpus_has_faults_and_sound_documents_of_every_family() {
        let mut families: BTreeMap<String, [usize; 2]> = BTreeMap::new();
        for (path, accepted, message) in Corpus::small().verdicts("") {
            let family = path.split('/').next().unwrap().to_owned();
            families.entry(family).or_default()[usize::from(accepted)] += 1;
            assert_eq!(accepted, message.is_empty(), "{path}");
            assert_eq!(accepted, !path.contains("/invalid/"), "{path}");
        }
        assert!(families.len() >= 5, "{families:?}");
        for (family, [rejected, accepted]) in families {
            assert!(rejected > 0 && accepted > 0, "{family}");
        }
    }
}
