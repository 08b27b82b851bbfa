//! What is made compiles, without a word of clippy and rustdoc, and has the definitions that it was made from. Each test checks
//! many crates in one run of cargo, which takes minutes: `cargo test -p crd-gen --test tests compiled:: -- --ignored`.

use crate::common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
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
#[ignore = "compiles a crate for each oddity, which takes minutes"]
fn what_is_made_of_odd_definitions_compiles_and_has_them_whole() {
    let mut made = BTreeMap::new();
    let mut expected = BTreeMap::new();
    for (what, documents) in common::strange::all() {
        let name = format!("odd-{what}-types");
        made.insert(
            name.clone(),
            generate(&documents, &Options::new(&name)).unwrap(),
        );
        expected.insert(name, documents);
    }
    let home = compile("strange", made);
    let written = output(&home, &["run", "-q", "-p", "writes"]);
    let written: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&written.stdout).unwrap();
    let mut wrong = Vec::new();
    for (name, documents) in &expected {
        assert_eq!(written[name].len(), documents.len(), "{name}");
        for crd in documents {
            let (group, kind) = (&crd["spec"]["group"], &crd["spec"]["names"]["kind"]);
            let named = |known: &&Value| {
                known["spec"]["group"] == *group && known["spec"]["names"]["kind"] == *kind
            };
            let Some(found) = written[name].iter().find(named) else {
                wrong.push(format!("{name}: no {kind} in {group}"));
                continue;
            };
            for version in crd["spec"]["versions"].as_array().unwrap() {
                let found = found["spec"]["versions"].as_array().unwrap();
                let found = found
                    .iter()
                    .find(|known| known["name"] == version["name"])
                    .unwrap();
                let at = format!(
                    "{name} {}/{}",
                    crd["spec"]["names"]["kind"], version["name"]
                );
                let schema = |version: &Value| plain(&version["schema"]["openAPIV3Schema"]);
                differences(&at, &schema(version), &schema(found), &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tested = output(
        &home,
        &[
            "test",
            "-q",
            "--workspace",
            "--exclude",
            "writes",
            "--exclude",
            "chooses",
        ],
    );
    assert!(
        tested.status.success(),
        "{}",
        String::from_utf8_lossy(&tested.stdout)
    );
}

/// Whether it is what every object has, said or not.
fn goes_without_saying(at: &str, wanted: &Value) -> bool {
    let of_all = [".apiVersion", ".kind", ".metadata", ""];
    let of_all = of_all.map(|member| format!(".properties{member}"));
    let root = |root: &str| !root.contains(".properties");
    wanted.is_null()
        && of_all
            .iter()
            .any(|of_all| at.strip_suffix(of_all.as_str()).is_some_and(root))
}

/// The schema without prose, and without what says nothing.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let prose = |key: &str, value: &Value| match key {
                "description" | "message" | "messageExpression" => value.is_string(),
                "additionalProperties" => *value == false,
                _ => false,
            };
            let kept = members.iter().filter(|(key, value)| !prose(key, value));
            kept.map(|(key, value)| (key.clone(), plain(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

fn differences(at: &str, wanted: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (wanted, found) {
        (wanted, _) if goes_without_saying(at, wanted) => {}
        (Value::Object(wanted), Value::Object(found)) => {
            for key in wanted
                .keys()
                .chain(found.keys().filter(|key| !wanted.contains_key(*key)))
            {
                let get =
                    |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                differences(&format!("{at}.{key}"), &get(wanted), &get(found), wrong);
            }
        }
        (Value::Array(a), Value::Array(b))
            if [".required", ".enum", ".oneOf"]
                .iter()
                .any(|set| at.ends_with(set)) =>
        {
            let sorted = |list: &[Value]| {
                let mut list: Vec<String> = list.iter().map(Value::to_string).collect();
                list.sort();
                list
            };
            if sorted(a) != sorted(b) {
                wrong.push(format!("{at}: {found} instead of {wanted}"));
            }
        }
        // A bound may be written as a fraction.
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if wanted == found => {}
        _ => wrong.push(format!("{at}: {found} instead of {wanted}")),
    }
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

/// Checks all crates in one workspace, and says how long it took. The program `writes` in it prints all definitions.
fn compile(name: &str, made: BTreeMap<String, Generated>) -> PathBuf {
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
    let mut depends = String::new();
    let mut prints = String::new();
    for (name, generated) in made {
        for (path, text) in &generated.files {
            write(&home.join("crates").join(&name).join(path), text);
        }
        depends.push_str(&format!("{name} = {{ path = \"../{name}\" }}\n"));
        prints.push_str(&format!(
            "    all.insert({name:?}, {}::crds());\n",
            name.replace('-', "_")
        ));
    }
    let writes = format!(
        "[package]\nname = \"writes\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nchooses = {{ path = \"../chooses\" }}\nserde_json = \"1\"\n{depends}"
    );
    write(&home.join("crates/writes/Cargo.toml"), &writes);
    let main = format!(
        "fn main() {{\n    let mut all = std::collections::BTreeMap::new();\n{prints}    println!(\"{{}}\", serde_json::to_string(&all).unwrap());\n}}\n"
    );
    write(&home.join("crates/writes/src/main.rs"), &main);
    let start = Instant::now();
    for arguments in [
        [
            "clippy",
            "-q",
            "--workspace",
            "--all-targets",
            "--keep-going",
        ]
        .as_slice(),
        &["doc", "-q", "--workspace", "--no-deps", "--keep-going"],
    ] {
        let output = output(&home, arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}",
            told.chars().take(20_000).collect::<String>()
        );
    }
    let _ = writeln!(
        std::io::stderr(),
        "{count} crates in {:.0} s",
        start.elapsed().as_secs_f32()
    );
    home
}

fn output(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(home)
        .env("RUSTFLAGS", "-D warnings")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .unwrap()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
