//! Type names stay short, in all types crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const LONGEST: usize = 40;

#[test]
fn no_type_name_has_more_than_forty_characters() {
    let crates = types_crates();
    assert_eq!(
        crates.len(),
        crd_families::families().len() + 1,
        "the crates of all families, and crd-core: {crates:?}"
    );
    for (name, folder) in crates {
        let mut found = Vec::new();
        collect(&folder.join("src"), &mut found);
        assert!(found.len() > 10, "{name}: only {} types found", found.len());
        let long: Vec<_> = found.iter().filter(|name| name.len() > LONGEST).collect();
        assert!(long.is_empty(), "{name}: {long:?}");
    }
}

/// What the registry of families is made of: its dependencies in this workspace, as Cargo says.
fn types_crates() -> Vec<(String, PathBuf)> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crd-families/Cargo.toml");
    let told = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version=1",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let metadata: Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let registry = packages
        .iter()
        .find(|package| package["name"] == "crd-families")
        .unwrap();
    let dependencies = registry["dependencies"].as_array().unwrap().iter();
    dependencies
        .filter(|dependency| dependency["kind"].is_null())
        // The judge, which takes definitions and declares no kinds.
        .filter(|dependency| dependency["name"] != "crd-validate")
        .filter_map(|dependency| {
            let text = |key: &str| dependency[key].as_str();
            Some((text("name")?.to_owned(), PathBuf::from(text("path")?)))
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let declared = text.lines().filter_map(|line| {
            let line = line.trim_start();
            ["pub struct ", "pub enum ", "pub type "]
                .iter()
                .find_map(|prefix| line.strip_prefix(prefix))
        });
        found.extend(declared.map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        }));
    }
}
