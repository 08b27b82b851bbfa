//! Which files are meant, and what they hold.

use std::fs;
use std::hash::BuildHasher as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use foldhash::quality::FixedState;
use glob::{MatchOptions, Pattern};

use lab_cli::Console;

/// From how many bytes on an input is read again rather than held while others are worked on.
const MUCH: usize = 1 << 18;

/// A file, or standard input.
pub(crate) struct Input {
    /// How it is named in reports.
    pub name: String,
    /// Where it is; `None` for standard input.
    pub path: Option<PathBuf>,
    /// Whether the user named it; otherwise it was found in a folder.
    pub named: bool,
    /// The release whose chart made it, where one did.
    pub chart: Option<OfChart>,
    /// What was read already and is kept for the next reader.
    kept: Mutex<Option<Bytes>>,
    /// What was found when it was first read.
    pub known: OnceLock<Known>,
}

/// What is known of an input that was read before.
#[derive(Debug)]
pub(crate) struct Known {
    /// The [print](print_of) of what it held.
    pub print: u64,
    /// For each piece of it: the line of its only document, of which there is nothing to say by itself.
    pub silent: Vec<Option<usize>>,
}

/// A number for what an input holds, by which a change is noticed.
pub(crate) fn print_of(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

/// What an input holds: one copy, however many read it.
pub(crate) type Bytes = Arc<Vec<u8>>;

/// Where the output of a chart belongs.
#[derive(Clone, Debug)]
pub(crate) struct OfChart {
    /// The release, by its name.
    pub release: String,
    /// Its namespace, where that is known: in it live objects that name none.
    pub namespace: Option<String>,
}

impl Input {
    /// What it holds.
    pub fn read(&self) -> io::Result<Bytes> {
        if let Some(bytes) = self.kept().take() {
            return Ok(bytes);
        }
        match &self.path {
            Some(path) => fs::read(path).map(Arc::new),
            None => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes)?;
                Ok(Arc::new(bytes))
            }
        }
    }

    /// What it holds, which the next reader can still read.
    pub fn peek(&self) -> io::Result<Bytes> {
        if let Some(bytes) = self.kept().as_ref() {
            return Ok(Arc::clone(bytes));
        }
        let bytes = self.read()?;
        if self.is_stream() {
            self.keep(Arc::clone(&bytes));
        }
        Ok(bytes)
    }

    /// Whether what it holds can be read only once.
    pub fn is_stream(&self) -> bool {
        match &self.path {
            Some(path) => fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()),
            None => true,
        }
    }

    /// Keeps what was read for the next call of [`Input::read`].
    pub fn keep(&self, bytes: Bytes) {
        *self.kept() = Some(bytes);
    }

    /// No longer keeps what can be read again and is much: it costs little beside what is done with it.
    pub fn release(&self) {
        let mut kept = self.kept();
        let is_much = |bytes: &Bytes| bytes.len() > MUCH;
        if kept.as_ref().is_some_and(is_much) && !self.is_stream() {
            *kept = None;
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Bytes>> {
        self.kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Files, folders with all manifests below, and `-`; without what is excluded. What cannot be read is complained of.
pub(crate) fn collect(paths: &[PathBuf], exclude: &Exclude, console: &mut Console) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(input("<stdin>".to_owned(), None, true));
        } else if path.is_dir() {
            let folder = Folder {
                root: path,
                exclude,
            };
            if let Err((folder, error)) = folder.below(path, &mut inputs) {
                console.complain(format!("{}: {error}", folder.display()));
            }
        } else if !exclude.matches(path, path) {
            inputs.push(file(path.clone(), true));
        }
    }
    inputs
}

fn input(name: String, path: Option<PathBuf>, named: bool) -> Input {
    Input {
        name,
        path,
        named,
        chart: None,
        kept: Mutex::new(None),
        known: OnceLock::new(),
    }
}

/// An input that a program made.
pub(crate) fn made(name: String, bytes: Vec<u8>, chart: OfChart) -> Input {
    let made = input(name, None, false);
    made.keep(Arc::new(bytes));
    Input {
        chart: Some(chart),
        ..made
    }
}

fn file(path: PathBuf, named: bool) -> Input {
    input(path.display().to_string(), Some(path), named)
}

/// A folder that the user named.
struct Folder<'a> {
    root: &'a Path,
    exclude: &'a Exclude,
}

impl Folder<'_> {
    fn below(&self, folder: &Path, inputs: &mut Vec<Input>) -> Result<(), (PathBuf, io::Error)> {
        let failed = |error| (folder.to_owned(), error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            entries.push((entry.path(), entry.file_type().map_err(failed)?));
        }
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        for (path, kind) in entries {
            let below = path.strip_prefix(self.root).unwrap_or(&path);
            if self.exclude.matches(&path, below) {
                continue;
            }
            // A link to a folder may lead in a circle.
            if kind.is_dir() {
                self.below(&path, inputs)?;
            } else if is_manifest(&path) && (kind.is_file() || !is_special(&path)) {
                inputs.push(file(path, false));
            }
        }
        Ok(())
    }
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

/// Patterns of files and folders that are passed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exclude(Vec<Pattern>);

impl Exclude {
    pub fn new(patterns: &[Pattern]) -> Self {
        Self(patterns.to_vec())
    }

    /// Whether a pattern is of the whole path, of its part below the named folder, or of its last component alone.
    fn matches(&self, path: &Path, below: &Path) -> bool {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::default()
        };
        self.0.iter().any(|pattern| {
            let is = |path: &Path| pattern.matches_path_with(path, options);
            is(path) || is(below) || path.file_name().is_some_and(|name| is(Path::new(name)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_of_a_name_a_path_or_the_part_below_the_folder() {
        for (pattern, path, below, expected) in [
            ("values.yaml", "a/b/values.yaml", "b/values.yaml", true),
            ("values*.yaml", "a/values-dev.yaml", "values-dev.yaml", true),
            ("b/*.yaml", "a/b/c.yaml", "b/c.yaml", true),
            ("a/b/*.yaml", "a/b/c.yaml", "b/c.yaml", true),
            ("**/c.yaml", "a/b/c.yaml", "b/c.yaml", true),
            ("b/*.yaml", "a/b/d/c.yaml", "b/d/c.yaml", false),
            ("b", "a/b", "b", true),
            ("b", "a/bc", "bc", false),
        ] {
            let exclude = Exclude::new(&[Pattern::new(pattern).unwrap()]);
            let matches = exclude.matches(Path::new(path), Path::new(below));
            assert_eq!(matches, expected, "{pattern} {path}");
        }
    }
}
