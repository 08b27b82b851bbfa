//! What kustomizations use that is no object by itself: patches, and what configures the tool.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crd_validate::reader;
use serde_json::Value;

use crate::files::Input;

/// The names under which `kubectl kustomize` finds a kustomization.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// How many folders above a file may hold the kustomization that uses it.
const LEVELS: usize = 3;

/// Files that a kustomization applies to others, each with the kustomization's folder.
#[derive(Debug, Default)]
pub(crate) struct Patches(BTreeMap<PathBuf, String>);

impl Patches {
    /// The folder of the kustomization that patches with this file.
    pub fn folder_of(&self, path: &Path) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let path = fs::canonicalize(path).ok()?;
        self.0.get(&path).map(String::as_str)
    }
}

/// Whether `kubectl kustomize` takes a file of this name for a kustomization.
pub(crate) fn is_kustomization(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| NAMES.iter().any(|known| name == *known))
}

/// The patches of all kustomizations around the inputs.
pub(crate) fn patches(inputs: &[Input]) -> Patches {
    let mut folders = BTreeSet::new();
    for path in inputs.iter().filter_map(|input| input.path.as_deref()) {
        for folder in path.ancestors().skip(1).take(LEVELS) {
            if !folders.insert(folder) {
                break;
            }
        }
    }
    let mut patches = Patches::default();
    for folder in folders {
        for name in NAMES {
            let Ok(bytes) = fs::read(folder.join(name)) else {
                continue;
            };
            let shown = match folder.to_string_lossy() {
                shown if shown.is_empty() => ".".to_owned(),
                shown => shown.into_owned(),
            };
            for document in reader::read(&bytes) {
                let files = document.content.iter().flat_map(files);
                let found = files.filter_map(|file| fs::canonicalize(folder.join(file)).ok());
                patches.0.extend(found.map(|file| (file, shown.clone())));
            }
        }
    }
    patches
}

/// What a kustomization names beside its resources. A text in place of a file's name is a patch itself, and leads nowhere.
fn files(kustomization: &Value) -> Vec<&str> {
    let list = |key: &str| {
        let items = kustomization.get(key).and_then(Value::as_array);
        items.into_iter().flatten()
    };
    let with_path = ["patches", "patchesJson6902", "replacements"];
    let plain = [
        "patchesStrategicMerge",
        "configurations",
        "generators",
        "transformers",
        "validators",
    ];
    let paths = with_path
        .into_iter()
        .flat_map(list)
        .filter_map(|item| item.get("path"));
    let names = plain.into_iter().flat_map(list);
    paths.chain(names).filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_kustomization_names_its_patches_in_many_ways() {
        let kustomization = json!({
            "resources": ["app.yaml"],
            "patches": [{"path": "a.yaml"}, {"patch": "- op: remove"}],
            "patchesStrategicMerge": ["b.yaml", "apiVersion: v1\nkind: Pod\n"],
            "patchesJson6902": [{"target": {}, "path": "c.json"}],
            "replacements": [{"path": "d.yaml"}, {"source": {}}],
            "configurations": ["e.yaml"],
        });
        let mut found = files(&kustomization);
        found.retain(|file| !file.contains('\n'));
        assert_eq!(found, ["a.yaml", "c.json", "d.yaml", "b.yaml", "e.yaml"]);
        assert!(files(&json!(["text"])).is_empty());
    }
}
