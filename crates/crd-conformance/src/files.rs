//! Folders of CRDs and of inventories.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::{Error, Inventory};

/// Reads all inventories (`.txt`) and CRDs (`.yaml`, `.yml`, `.json`) below a folder, or one such
/// file. The key is the file's path below the folder, without its extension.
///
/// # Errors
///
/// Files that cannot be read; a folder without any.
pub fn load(root: &Path) -> Result<BTreeMap<String, Inventory>, Error> {
    let mut found = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(|source| file(&path, source))? {
                pending.push(entry.map_err(|source| file(&path, source))?.path());
            }
            continue;
        }
        if let Some(inventory) = read(&path)? {
            found.insert(name_below(root, &path), inventory);
        }
    }
    if found.is_empty() {
        return Err(Error::Empty(root.to_owned()));
    }
    Ok(found)
}

/// Writes the inventories of all CRDs below `from` to `to`, and returns the files written.
///
/// # Errors
///
/// Files that cannot be read or written; a folder without CRDs.
pub fn import(from: &Path, to: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut written = Vec::new();
    for (name, inventory) in load(from)? {
        let path = to.join(format!("{name}.txt"));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|source| file(parent, source))?;
        }
        fs::write(&path, inventory.to_string()).map_err(|source| file(&path, source))?;
        written.push(path);
    }
    Ok(written)
}

fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let below = if below.as_os_str().is_empty() {
        path.file_name().map(Path::new).unwrap_or(path)
    } else {
        below
    };
    below.with_extension("").to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Option<Inventory>, Error> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    if !matches!(extension, "txt" | "yaml" | "yml" | "json") {
        return Ok(None);
    }
    let text = fs::read_to_string(path).map_err(|source| file(path, source))?;
    if extension == "txt" {
        return Ok(Some(Inventory::parse(&text)));
    }
    for document in serde_yaml::Deserializer::from_str(&text) {
        let value = Value::deserialize(document).map_err(|source| Error::Yaml {
            path: path.to_owned(),
            source,
        })?;
        if value["kind"] == "CustomResourceDefinition" {
            return Ok(Some(Inventory::of_crd(&value)));
        }
    }
    Ok(None)
}

fn file(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
