//! Which files are meant.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file, or standard input.
pub struct Input {
    /// How it was named, for reports.
    pub name: String,
    /// What it holds, or why that is not known.
    pub bytes: io::Result<Vec<u8>>,
}

/// Reads files, folders with all manifests below, and `-`.
pub fn collect(paths: &[PathBuf], complain: &mut impl FnMut(String)) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            inputs.push(Input {
                name: "<stdin>".to_owned(),
                bytes: read.map(|_| bytes),
            });
        } else if path.is_dir() {
            if let Err((folder, error)) = below(path, &mut inputs) {
                complain(format!("{}: {error}", folder.display()));
            }
        } else {
            inputs.push(file(path));
        }
    }
    inputs
}

fn file(path: &Path) -> Input {
    Input {
        name: path.display().to_string(),
        bytes: fs::read(path),
    }
}

fn below(folder: &Path, inputs: &mut Vec<Input>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (folder.to_owned(), error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.path(), entry.file_type().map_err(failed)?));
    }
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    for (path, kind) in entries {
        // A link to a folder may lead in a circle.
        if kind.is_dir() {
            below(&path, inputs)?;
        } else if is_manifest(&path) && path.is_file() {
            inputs.push(file(&path));
        }
    }
    Ok(())
}

fn is_manifest(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| matches!(extension, "yaml" | "yml" | "json"))
}
