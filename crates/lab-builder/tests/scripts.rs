//! The programs at the root of the tree, really run: with programs in place of kind, kubectl and helm that write down
//! how they are called, and answer what the test tells them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod answers;
mod machine;
mod setup;
mod teardown;
mod verify;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use machine::{Machine, dev, text, without_kind};

#[test]
fn shellcheck_has_nothing_to_say() {
    let Ok(version) = Command::new("shellcheck").arg("--version").output() else {
        println!("shellcheck is not installed");
        return;
    };
    assert!(version.status.success());
    let registry = "registry.example.com/lab".parse().unwrap();
    // What is the same in several trees is looked at once.
    let mut seen = BTreeSet::new();
    for lab in [
        dev(),
        dev().skip_istio(),
        dev().registry(registry),
        without_kind(),
    ] {
        let machine = Machine::new(lab, &[]);
        let tree = machine.path("tree of the lab");
        let scripts = fs::read_dir(&tree)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let scripts: Vec<PathBuf> = scripts
            .filter(|path| path.extension().is_some_and(|end| end == "sh"))
            .collect();
        assert!(scripts.len() >= 3);
        let new = |path: &PathBuf| seen.insert(fs::read_to_string(path).unwrap());
        let scripts: Vec<PathBuf> = scripts.into_iter().filter(new).collect();
        if scripts.is_empty() {
            continue;
        }
        let output = Command::new("shellcheck").args(scripts).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
}
