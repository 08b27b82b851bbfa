//! The folders of `CASES_DIR`: what other projects' suites expect, and how answers are compared with it.

mod gateway;
mod pairs;
mod tally;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value;

pub use gateway::{check_answer, check_assertion, check_status};
pub use pairs::{Pairs, compare, pairs};
pub use tally::Tally;

use crate::data_folder;

/// The cases of one folder of `CASES_DIR`.
pub struct Suite {
    root: PathBuf,
}

/// One case: manifests, and what is expected of them.
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
}

impl Suite {
    /// `None`, with a line on standard error past the test harness, where `CASES_DIR` is not set.
    pub fn from_environment(name: &str) -> Option<Self> {
        Some(Self {
            root: data_folder("CASES_DIR")?.join(name),
        })
    }

    /// The folder of the suite.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The cases by name; folders that begin with `_` are none.
    pub fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<_> = fs::read_dir(&self.root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .map(|folder| Case {
                name: folder.file_name().unwrap().to_string_lossy().into_owned(),
                folder,
            })
            .filter(|case| !case.name.starts_with('_'))
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }
}

impl Case {
    /// The file that says what is expected: `flows.json` or `expected.json`.
    pub fn expectation(&self) -> PathBuf {
        ["flows.json", "expected.json"]
            .iter()
            .map(|name| self.folder.join(name))
            .find(|path| path.exists())
            .unwrap()
    }

    /// What that file says.
    pub fn expected(&self) -> Value {
        self.json(self.expectation()).unwrap()
    }

    /// A JSON file of the case; `None` where it has none of this name.
    pub fn json(&self, name: impl AsRef<Path>) -> Option<Value> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    /// The documents of a file of the case, or of all files of a folder.
    pub fn objects(&self, path: &str) -> Vec<Value> {
        objects_below(&self.folder.join(path))
    }
}

/// The documents of a file, or of all files of a folder, in the order of their names.
pub fn objects_below(path: &Path) -> Vec<Value> {
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, &mut files);
    } else {
        files.push(path.to_owned());
    }
    files.sort();
    files.iter().flat_map(|file| documents(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files)
        } else {
            files.push(path)
        }
    }
}

fn documents(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    serde_yaml::Deserializer::from_str(&text)
        .map_while(|document| Value::deserialize(document).ok())
        .filter(Value::is_object)
        .collect()
}
