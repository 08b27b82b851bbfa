//! `stackctl generate`: a Rust crate of types from CustomResourceDefinitions.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use crd_gen::{Error, GoTypes, Options, Overrides, generate};
use crd_validate::reader;
use lab_cli::{Console, Failure};
use serde_json::Value;

use crate::files::{self, Exclude};

/// Make a Rust crate of types from CustomResourceDefinitions
///
/// Equal shapes become one type, members that exclude each other an enum, core Kubernetes types those of k8s-openapi. The
/// crate is meant to be committed; generate it again after each new version, and read the diff.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl generate --crds config/crd/bases --out crates/acme-types
  stackctl generate --crds crds/ --go ../upstream/api --overrides acme.toml --out crates/acme-types

What was unsure is told on standard error; the overrides (TOML) decide it: rename, union, replace, open, module, doc. A file
that was not generated, or was changed since, is never written over without --force.

Exit code: 0 when the crate is written, 2 when the command line is wrong, a definition or an override is, or a file is in the
way.")]
pub struct Arguments {
    /// Folder or file with the definitions; more than once for several.
    #[arg(long, required = true, value_name = "PATH")]
    pub crds: Vec<PathBuf>,

    /// Folder of the crate; its name is the crate's unless the overrides have one.
    #[arg(long, value_name = "CRATE")]
    pub out: PathBuf,

    /// What people decided [default: `crd-gen.toml` in the crate's folder, if it is there].
    #[arg(long, value_name = "FILE")]
    pub overrides: Option<PathBuf>,

    /// Folder of the Go sources of the same version, for the names of its structs.
    #[arg(long, value_name = "DIR")]
    pub go: Option<PathBuf>,

    /// Write over files that were not generated, or were changed since.
    #[arg(long)]
    pub force: bool,
}

/// Writes the crate. The answer is always `false`: there is nothing that could be found.
///
/// # Errors
/// When something cannot be read or written, a definition or an override is wrong, or a file is in the way.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let documents = documents(&arguments.crds, console);
    let own = arguments.out.join("crd-gen.toml");
    let own = own.exists().then_some(own);
    let decided = arguments.overrides.as_ref().or(own.as_ref());
    let overrides = match decided {
        Some(path) => Overrides::parse(&read(path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?,
        None => Overrides::default(),
    };
    // `.` and the like have a name on disk.
    let out = std::path::absolute(&arguments.out)?;
    let out = out.canonicalize().unwrap_or(out);
    let name = out.file_name().map(|name| name.to_string_lossy());
    let mut options = Options::of(overrides, name.unwrap_or_default());
    if let Some(folder) = &arguments.go {
        let mut files = Vec::new();
        go_files(folder, &mut files)?;
        options.go = GoTypes::parse(files.iter().map(String::as_str));
    }
    let made = generate(&documents, &options).map_err(|error| match (&error, decided) {
        (Error::NoDefinitions, _) => {
            let paths = arguments.crds.iter().map(|path| path.display().to_string());
            format!("{}: {error}", paths.collect::<Vec<_>>().join(", "))
        }
        (Error::Stale { .. }, Some(path)) => format!("{}: {error}", path.display()),
        (Error::Name(_), _) => format!("{error}; `[crate] name` in the overrides gives another"),
        _ => error.to_string(),
    })?;
    write(&arguments.out, &made.files, arguments.force)?;
    for (place, what) in &made.report.unsure {
        console.note(format!("{place}: {what}"));
    }
    let first = made.report.to_string();
    let first = first.lines().next().unwrap_or_default();
    console.print(&format!("{}: {first}\n", arguments.out.display()))?;
    Ok(false)
}

fn documents(paths: &[PathBuf], console: &mut Console) -> Vec<Value> {
    let mut documents = Vec::new();
    for input in files::collect(paths, &Exclude::default(), console) {
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                console.complain(format!("{}: {error}", input.name));
                continue;
            }
        };
        for document in reader::read(&bytes) {
            match document.content {
                Ok(value) => documents.push(value),
                Err(error) => console.complain(format!("{}:{}: {error}", input.name, error.line)),
            }
        }
    }
    documents
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn go_files(folder: &Path, found: &mut Vec<String>) -> Result<(), Failure> {
    let shown = |error: io::Error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(shown)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(shown)?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            go_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "go") {
            found.push(read(&path)?);
        }
    }
    Ok(())
}

/// Where the digests of what was written last stand, so that what people changed is known.
const RECORD: &str = ".crd-gen";

/// Writes the files, and takes away those of last time that are no more; nothing if a file is in the way.
fn write(out: &Path, files: &BTreeMap<String, String>, force: bool) -> Result<(), Failure> {
    let record = fs::read_to_string(out.join(RECORD)).unwrap_or_default();
    let known: BTreeMap<&str, &str> = record
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let is_ours =
        |path: &str, text: &str| known.get(path).is_some_and(|known| **known == digest(text));
    let mut in_the_way = Vec::new();
    for (path, text) in files {
        match fs::read_to_string(out.join(path)) {
            Ok(found) if found == *text || is_ours(path, &found) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            _ => in_the_way.push(path.as_str()),
        }
    }
    if !in_the_way.is_empty() && !force {
        let list = in_the_way.join(", ");
        return Err(format!(
            "{}: not generated, or changed since: {list}; --force writes over them",
            out.display()
        )
        .into());
    }
    for path in known.keys().filter(|path| !files.contains_key(**path)) {
        let stale = out.join(path);
        if fs::read_to_string(&stale).is_ok_and(|text| is_ours(path, &text)) {
            fs::remove_file(stale)?;
        }
    }
    let mut record = String::new();
    for (path, text) in files {
        let target = out.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, text).map_err(|error| format!("{}: {error}", target.display()))?;
        record.push_str(&format!("{path}\t{}\n", digest(text)));
    }
    fs::write(out.join(RECORD), record)?;
    Ok(())
}

/// FNV-1a: enough to see a change, which nobody has reason to hide.
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn files(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("src/lib.rs".to_owned(), text.to_owned())])
    }

    #[test]
    fn what_people_changed_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        write(out, &files("one"), false).unwrap();
        write(out, &files("two"), false).unwrap();
        fs::write(out.join("src/lib.rs"), "mine").unwrap();
        let error = write(out, &files("three"), false).unwrap_err().to_string();
        assert!(error.contains("src/lib.rs"), "{error}");
        assert_eq!(fs::read_to_string(out.join("src/lib.rs")).unwrap(), "mine");
        write(out, &files("three"), true).unwrap();
        assert_eq!(fs::read_to_string(out.join("src/lib.rs")).unwrap(), "three");
    }

    #[test]
    fn what_is_no_longer_generated_goes() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        write(out, &files("one"), false).unwrap();
        fs::write(out.join("src/mine.rs"), "mine").unwrap();
        write(out, &BTreeMap::new(), false).unwrap();
        assert!(!out.join("src/lib.rs").exists());
        assert!(out.join("src/mine.rs").exists());
    }
}
