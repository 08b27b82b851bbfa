//! Makes a crate of a folder of CRDs: `generate CRDS OUT [OVERRIDES]`; prints the report.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use crd_gen::{Options, Overrides, generate};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [crds, out, ..] = arguments.as_slice() else {
        println!("usage: generate CRDS OUT [OVERRIDES]");
        return;
    };
    let mut files = Vec::new();
    collect(Path::new(crds), &mut files);
    let documents: Vec<serde_json::Value> = files
        .iter()
        .map(|path| serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap())
        .collect();
    let overrides = arguments
        .get(2)
        .map(|path| fs::read_to_string(path).unwrap());
    let overrides = Overrides::parse(&overrides.unwrap_or_default()).unwrap();
    let options = Options::of(overrides, "family-types");
    let made = generate(&documents, &options).unwrap_or_else(|error| panic!("{error}"));
    for (path, text) in &made.files {
        let path = Path::new(out).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    println!("{}", made.report);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => collect(&path, files),
            Some("yaml" | "yml") => files.push(path),
            _ => {}
        }
    }
}
