//! What is made compiles. Each test checks many crates in one run of cargo, which takes minutes:
//! `cargo test -p crd-gen --test compiled -- --ignored`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use common::odd::{crd, schema};
use crd_gen::{Generated, Options, generate};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

/// How many random definitions are tried.
const ODD: usize = 200;

#[test]
#[ignore = "compiles a crate for each family, which takes minutes"]
fn what_is_made_of_every_family_compiles() {
    let Some(root) = std::env::var_os("CRDS_DIR") else {
        // Past the harness, which keeps what tests print to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CRDS_DIR names no folder of CRDs"
        );
        return;
    };
    let mut made = BTreeMap::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let channel = folder.join("experimental");
        let folder = if channel.is_dir() { channel } else { folder };
        let name = format!("{name}-types");
        let generated = generate(&common::documents(&folder), &Options::new(&name)).unwrap();
        made.insert(name, generated);
    }
    assert!(!made.is_empty());
    compile("families", made);
}

#[test]
#[ignore = "compiles two hundred crates, which takes minutes"]
fn what_is_made_of_random_definitions_compiles() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(Default::default()),
    );
    let mut schema = || -> Value { schema().new_tree(&mut runner).unwrap().current() };
    let mut made = BTreeMap::new();
    for number in 0..ODD {
        let first: Vec<Value> = (0..=number % 2).map(|_| schema()).collect();
        let documents = [crd("Object", &first), crd("Vec", &[schema()])];
        let name = format!("odd{number}-types");
        let generated = generate(&documents, &Options::new(&name)).unwrap();
        made.insert(name, generated);
    }
    compile("odd", made);
}

/// Checks all crates in one workspace, and says how long it took.
fn compile(name: &str, made: BTreeMap<String, Generated>) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/crd-gen")
        .join(name);
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let _ = fs::remove_dir_all(home.join("crates"));
    let mut root = String::from(
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[profile.dev]\ndebug = 0\n\n[patch.crates-io]\n",
    );
    for known in ["crd-core", "crd-derive", "kube-vocab"] {
        root.push_str(&format!(
            "{known} = {{ path = {:?} }}\n",
            crates.join(known)
        ));
    }
    write(&home.join("Cargo.toml"), &root);
    // Some crate has to choose the Kubernetes version.
    let chooses = "[package]\nname = \"chooses\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nk8s-openapi = { version = \"0.29\", features = [\"v1_35\"] }\n";
    write(&home.join("crates/chooses/Cargo.toml"), chooses);
    write(&home.join("crates/chooses/src/lib.rs"), "");
    fs::copy(crates.join("../Cargo.lock"), home.join("Cargo.lock")).unwrap();
    let count = made.len();
    for (name, generated) in made {
        for (path, text) in &generated.files {
            write(&home.join("crates").join(&name).join(path), text);
        }
    }
    let start = Instant::now();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--workspace", "-q", "--keep-going"])
        .current_dir(&home)
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let _ = writeln!(
        std::io::stderr(),
        "{count} crates in {:.0} s",
        start.elapsed().as_secs_f32()
    );
    assert!(
        output.status.success(),
        "{}",
        told.chars().take(20_000).collect::<String>()
    );
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
