//! The tree of each environment, file by file.
//!
//! `dev` is stored whole. Of all other trees the lines are stored that differ from it: a change shows up once, and a
//! difference between environments stands out.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use lab_builder::{Bundle, Environment, Lab, Profile};
use similar::{ChangeTag, TextDiff};

fn files(bundle: &Bundle) -> BTreeMap<String, String> {
    bundle
        .files()
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect()
}

fn dev() -> BTreeMap<String, String> {
    files(&Lab::new(Environment::Dev).build().unwrap())
}

/// Snapshots of files that are no longer rendered would look like guarantees.
fn assert_no_leftovers(lab: &str, stored: impl IntoIterator<Item = String>) {
    let expected: BTreeSet<String> = stored
        .into_iter()
        .map(|path| format!("{}.snap", path.replace('/', "__")))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(lab);
    let found: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let left: Vec<&String> = found
        .difference(&expected)
        .filter(|name| name.ends_with(".snap"))
        .collect();
    assert!(left.is_empty(), "delete from snapshots/{lab}: {left:?}");
}

fn store(lab: &str, path: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("snapshots/{lab}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(path.replace('/', "__"), text));
}

/// The lines that differ from `dev`, file by file, in one snapshot.
fn store_difference(lab: &str, bundle: &Bundle) {
    let (dev, files) = (dev(), files(bundle));
    let mut text = String::new();
    let paths: BTreeSet<&String> = dev.keys().chain(files.keys()).collect();
    for path in paths {
        let (before, after) = match (dev.get(path), files.get(path)) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(_), None) => {
                text.push_str(&format!("{path}: absent\n"));
                continue;
            }
            (before, after) => (
                before.map_or("", String::as_str),
                after.map_or("", String::as_str),
            ),
        };
        text.push_str(&format!("{path}:\n"));
        for change in TextDiff::from_lines(before, after).iter_all_changes() {
            if change.tag() != ChangeTag::Equal {
                text.push_str(&format!("{}{}", change.tag(), change.value()));
            }
        }
    }
    insta::assert_snapshot!(lab, text);
}

#[test]
fn dev_tree() {
    let files = dev();
    for (path, text) in &files {
        store("dev", path, text);
    }
    assert_no_leftovers("dev", files.into_keys());
}

#[test]
fn stg_tree() {
    store_difference("stg", &Lab::new(Environment::Stg).build().unwrap());
}

#[test]
fn prod_tree() {
    store_difference("prod", &Lab::new(Environment::Prod).build().unwrap());
}

#[test]
fn data_center_tree() {
    store_difference(
        "data-center",
        &Lab::new(Environment::Dev)
            .profile(Profile::DataCenter)
            .build()
            .unwrap(),
    );
}

#[test]
fn tree_without_istio() {
    store_difference(
        "skip-istio",
        &Lab::new(Environment::Dev).skip_istio().build().unwrap(),
    );
}

#[test]
fn tree_with_a_registry() {
    let registry = "registry.example.com/lab".parse().unwrap();
    let lab = Lab::new(Environment::Dev).registry(registry);
    store_difference("registry", &lab.build().unwrap());
}

#[test]
fn apply_order() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let order: String = bundle
        .objects()
        .map(|object| format!("{} {}\n", object.id().api_version, object.id()))
        .collect();
    insta::assert_snapshot!(order);
}
