//! What the derives say of the mistakes that people make: the place, and the remedy; and all mistakes at once.
//!
//! One file, since each costs a run of the compiler; and here rather than beside the types, since it needs none of them. The
//! compiler is asked with the derives as they were built for this test, instead of building them and `syn` once more.
#![allow(clippy::unwrap_used)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library of the derives beside this program: the one built last.
fn derives() -> PathBuf {
    let program = env::current_exe().unwrap();
    let files = fs::read_dir(program.parent().unwrap()).unwrap();
    let libraries = files.map(|file| file.unwrap().path()).filter(|path| {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let is_ours = stem.is_some_and(|stem| {
            let stem = stem.strip_prefix(env::consts::DLL_PREFIX).unwrap_or("");
            stem.starts_with("crd_derive-")
        });
        is_ours
            && path
                .extension()
                .is_some_and(|end| end == env::consts::DLL_EXTENSION)
    });
    let built = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    libraries.max_by_key(built).unwrap()
}

/// What the compiler says of a file, without its words on how many errors there were.
fn said(file: &str) -> String {
    let compiler = env::var_os("CARGO").map(|cargo| Path::new(&cargo).with_file_name("rustc"));
    let output = Command::new(compiler.unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--emit=metadata", "--color=never", file])
        .arg("--extern")
        .arg(format!("crd_derive={}", derives().display()))
        .arg("--out-dir")
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    let (errors, _) = text.split_once("error: aborting due to ").unwrap();
    format!("{}\n", errors.trim_end())
}

/// `UPDATE_MISTAKES=1` accepts what is said now.
#[test]
fn mistakes_are_named_where_they_stand() {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/all.stderr");
    let said = said("tests/mistakes/all.rs");
    if env::var_os("UPDATE_MISTAKES").is_some() {
        fs::write(&expected, &said).unwrap();
    }
    assert_eq!(said, fs::read_to_string(expected).unwrap());
}
