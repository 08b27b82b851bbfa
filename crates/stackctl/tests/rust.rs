//! What `stackctl rust` prints compiles, and builds the same objects.
//!
//! The small sample is committed as `rust/sample.txt` and is a module of this test: so the compiler sees what is printed, and a
//! change of it is read in the diff. `RUST_SAMPLE=write` writes it anew. The large sample, all accepted documents of the corpora,
//! is a program of its own, and takes minutes: `cargo test -p stackctl rust:: -- --ignored`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crd_families::{Channel, Registry};
use fidelity::random::{Random, object};
use serde_json::{Value, json};
use stackctl::rust::Program;

/// The program, as it was printed.
#[allow(clippy::all, missing_docs)]
mod sample {
    include!("rust/sample.txt");
}

const HOME: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_committed_sample_is_what_is_printed() {
    let documents = own_documents();
    let (text, _) = program(&documents);
    let path = Path::new(HOME).join("tests/rust/sample.txt");
    if std::env::var("RUST_SAMPLE").is_ok_and(|wish| wish == "write") {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(
        committed == text,
        "RUST_SAMPLE=write writes {} anew",
        path.display()
    );
}

#[test]
fn what_is_printed_builds_the_same_objects() {
    let documents = own_documents();
    let (_, expected) = program(&documents);
    let built = sample::all();
    assert_eq!(built.len(), expected.len());
    for (name, built) in built {
        assert_eq!(built, expected[name], "{name}");
    }
}

#[test]
fn little_has_to_be_read_from_json() {
    let mut program = Program::new();
    for document in own_documents() {
        program.add(&document).unwrap();
    }
    let all = program.functions().len();
    let from_json = program
        .functions()
        .iter()
        .filter(|function| function.from_json > 0);
    let names: Vec<&str> = from_json.map(|function| function.name.as_str()).collect();
    assert!(
        names.len() * 10 <= all,
        "{} of {all}: {names:?}",
        names.len()
    );
}

#[test]
fn what_cannot_be_built_is_told() {
    let mut program = Program::new();
    let told = |program: &mut Program, document: Value| program.add(&document).unwrap_err();
    assert_eq!(
        told(&mut program, json!(1)),
        "it is no object: it has no `apiVersion` and `kind`"
    );
    let strange = json!({"apiVersion": "example.com/v1", "kind": "Kite"});
    assert_eq!(
        told(&mut program, strange),
        "no crate has types for `Kite` of `example.com/v1`"
    );
    let wrong = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": "x"}]}});
    assert!(told(&mut program, wrong).contains("spec.ports[0].port"));
    assert!(program.is_empty());
}

/// All accepted documents of the corpora, and random objects of all kinds, in one program. Told on standard error: how many there are, how many have parts that are
/// read from JSON, and how long cargo takes.
#[test]
#[ignore = "compiles a program of its own, which takes minutes"]
fn all_of_the_corpora_is_built_the_same() {
    let mut documents = own_documents();
    for variable in ["CORPUS_DIR", "BUILTIN_CORPUS_DIR"] {
        documents.extend(
            fidelity::data_folder(variable)
                .iter()
                .flat_map(|folder| in_folder(folder)),
        );
    }
    let registry = Registry::new();
    documents.extend(random_documents(&registry));
    let mut all = Program::new();
    let mut expected = BTreeMap::new();
    for document in &documents {
        if all.add(document).is_ok() {
            let made = all.functions().last().unwrap();
            expected.insert(made.name.clone(), made.object.clone());
        }
    }
    let text = all.print()
        + &every(
            all.functions()
                .iter()
                .map(|function| function.name.as_str()),
        );
    let home = Path::new(HOME).join("../../target/rust-sample");
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), manifest()).unwrap();
    fs::write(home.join("src/sample.rs"), text).unwrap();
    fs::write(
        home.join("expected.json"),
        serde_json::to_string(&expected).unwrap(),
    )
    .unwrap();
    fs::write(home.join("src/main.rs"), MAIN).unwrap();
    fs::copy(
        Path::new(HOME).join("../../Cargo.lock"),
        home.join("Cargo.lock"),
    )
    .unwrap();
    let start = std::time::Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["run", "--offline", "-q", "--manifest-path"])
        .arg(home.join("Cargo.toml"))
        .arg(home.join("expected.json"))
        .status()
        .unwrap();
    let opaque = all
        .functions()
        .iter()
        .filter(|function| function.from_json > 0)
        .count();
    eprintln!(
        "{} objects, {opaque} with parts from JSON, {:.0} s",
        expected.len(),
        start.elapsed().as_secs_f32()
    );
    assert!(status.success());
}

/// The objects of the small sample: our own corpus, and what it lacks.
fn own_documents() -> Vec<Value> {
    let mut documents = in_folder(&Path::new(HOME).join("../fidelity/corpus"));
    documents.extend(in_file(&Path::new(HOME).join("tests/rust/objects.yaml")));
    documents
}

/// What is in a folder of a corpus and accepted by the types.
fn in_folder(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = fidelity::yaml_files(folder);
    files.sort();
    let registry = Registry::new();
    let mut program = Program::new();
    let documents = files.iter().flat_map(|file| in_file(file));
    documents
        .filter(|document| {
            let text = |key: &str| document[key].as_str().unwrap_or_default();
            let version = registry.version(text("apiVersion"), text("kind"));
            // Built-in kinds are asked for when they are added.
            version.is_none_or(|version| version.strict(document).is_ok())
                && program.add(document).is_ok()
        })
        .collect()
}

/// A few objects of each version of each kind, whatever its schema allows.
fn random_documents(registry: &Registry) -> Vec<Value> {
    let mut documents = Vec::new();
    for definition in registry.definitions(Channel::Experimental) {
        let crd = definition.to_json().unwrap();
        for version in crd["spec"]["versions"].as_array().unwrap() {
            let seeds = 0..3;
            documents.extend(seeds.map(|seed| object(&crd, version, &mut Random(seed))));
        }
    }
    documents
}

fn in_file(file: &Path) -> Vec<Value> {
    let bytes = fs::read(file).unwrap();
    let documents = crd_validate::reader::read(&bytes).into_iter();
    documents
        .filter_map(|document| document.content.ok())
        .collect()
}

/// The program, with a function that builds all, and the objects by the names of their functions.
fn program(documents: &[Value]) -> (String, BTreeMap<String, Value>) {
    let mut program = Program::new();
    let mut expected = BTreeMap::new();
    for document in documents {
        program.add(document).unwrap();
        let made = program.functions().last().unwrap();
        expected.insert(made.name.clone(), made.object.clone());
    }
    let names = program
        .functions()
        .iter()
        .map(|function| function.name.as_str());
    (program.print() + &every(names), expected)
}

fn every<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::from(
        "\n/// All objects, by the names of their functions.\npub fn all() -> Vec<(&'static str, ::serde_json::Value)> {\n    let mut all = Vec::new();\n",
    );
    for name in names {
        writeln!(
            out,
            "    all.push(({name:?}, ::serde_json::to_value({name}()).unwrap()));"
        )
        .unwrap();
    }
    out + "    all\n}\n"
}

fn manifest() -> String {
    let crates = Path::new(HOME).parent().unwrap();
    let mut out = String::from(
        "[package]\nname = \"rust-sample\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[profile.dev]\ndebug = 0\n\n[dependencies]\nserde_json = { version = \"1\", features = [\"preserve_order\"] }\nk8s-openapi = { version = \"0.29\", features = [\"v1_35\"] }\n",
    );
    let mut folders: Vec<PathBuf> = fs::read_dir(crates)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (key, package) = match name.as_str() {
            "gateway-api" => ("gateway-api", ", package = \"gateway-api-types\""),
            "crd-core" => ("crd-core", ""),
            name if name.ends_with("-types") => (name, ""),
            _ => continue,
        };
        // Istio's groups are features.
        let plain = if name == "istio-types" {
            ""
        } else {
            ", default-features = false"
        };
        writeln!(
            out,
            "{key} = {{ path = {:?}{plain}{package} }}",
            folder.display().to_string()
        )
        .unwrap();
    }
    out
}

const MAIN: &str = r#"#[allow(dead_code)]
mod sample;

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = 0;
    for (name, built) in sample::all() {
        if built != expected[name] {
            wrong += 1;
            eprintln!("{name}: built {built}\n  instead of {}", expected[name]);
        }
    }
    std::process::exit(i32::from(wrong > 0));
}
"#;
