//! Which files are meant.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file, or standard input.
pub struct Input {
    /// How it is named in reports.
    pub name: String,
    /// Where it is; `None` for standard input.
    path: Option<PathBuf>,
}

impl Input {
    /// What it holds.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        match &self.path {
            Some(path) => fs::read(path),
            None => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

/// Files, folders with all manifests below, and `-`.
pub fn collect(paths: &[PathBuf], complain: &mut impl FnMut(String)) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input {
                name: "<stdin>".to_owned(),
                path: None,
            });
        } else if path.is_dir() {
            if let Err((folder, error)) = below(path, &mut inputs) {
                complain(format!("{}: {error}", folder.display()));
            }
        } else {
            inputs.push(file(path.clone()));
        }
    }
    inputs
}

fn file(path: PathBuf) -> Input {
    Input {
        name: path.display().to_string(),
        path: Some(path),
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
        } else if is_manifest(&path) && !is_special(&path) {
            inputs.push(file(path));
        }
    }
    Ok(())
}

/// Neither a file nor a link to one, such as a pipe. A link that leads nowhere is not: it is to be complained of.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file())
}

fn is_manifest(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| matches!(extension, "yaml" | "yml" | "json"))
}
