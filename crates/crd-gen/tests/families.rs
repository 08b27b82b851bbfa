//! Every family of CRDs in the folder that `CRDS_DIR` names: the generator was made for none of them.

use crate::common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crd_gen::{Options, Words, generate};

fn folders() -> Vec<(String, PathBuf)> {
    let Some(root) = std::env::var_os("CRDS_DIR") else {
        // Past the harness, which keeps what tests print to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CRDS_DIR names no folder of CRDs"
        );
        return Vec::new();
    };
    let root = Path::new(&root);
    let mut folders: Vec<(String, PathBuf)> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        // One kind of Gateway API is in two channels; one at a time is a family.
        .map(|(name, path)| match path.join("experimental") {
            channel if channel.is_dir() => (name, channel),
            _ => (name, path),
        })
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_family_keeps_the_rules_of_names_and_gives_the_same_bytes_twice() {
    for (family, folder) in folders() {
        let mut documents = common::documents(&folder);
        let mut options = Options::new(format!("{family}-types"));
        for words in [Words::Crd, Words::Facts] {
            options.words = words;
            let made = generate(&documents, &options).unwrap();
            common::assert_sound(&family, &made);
            documents.reverse();
            assert_eq!(
                made.files,
                generate(&documents, &options).unwrap().files,
                "{family}"
            );
        }
    }
}

#[test]
fn what_is_printed_is_what_rustfmt_would_print() {
    let mut wrong = Vec::new();
    for (family, folder) in folders() {
        let made = generate(
            &common::documents(&folder),
            &Options::new(format!("{family}-types")),
        )
        .unwrap();
        for (path, text) in made.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
            let Some(formatted) = rustfmt(text) else {
                let _ = writeln!(std::io::stderr(), "SKIPPED: there is no rustfmt");
                return;
            };
            let other = text
                .lines()
                .zip(formatted.lines())
                .find(|(ours, theirs)| ours != theirs);
            wrong.extend(
                other.map(|(ours, theirs)| {
                    format!("{family}: {path}: {ours:?} instead of {theirs:?}")
                }),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rustfmt(text: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--emit",
            "stdout",
            "--config",
            "skip_children=true",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    String::from_utf8(output.stdout)
        .ok()
        .filter(|text| !text.is_empty())
}
