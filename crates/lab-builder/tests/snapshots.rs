//! The tree of each environment, file by file.
//!
//! `dev` is stored whole. Of `stg`, `prod` and the data centre a list says which files are the same as in `dev`, and
//! only those that differ are stored: a change shows up once, and a difference between environments stands out.

use std::collections::BTreeMap;

use lab_builder::{Bundle, Environment, Lab, Profile};

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

fn store(lab: &str, path: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("snapshots/{lab}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(path.replace('/', "__"), text));
}

fn store_difference(lab: &str, bundle: &Bundle) {
    let (dev, files) = (dev(), files(bundle));
    let mut list = String::new();
    for path in dev.keys().filter(|path| !files.contains_key(*path)) {
        list.push_str(&format!("absent   {path}\n"));
    }
    for (path, text) in &files {
        let word = match dev.get(path) {
            Some(same) if same == text => "same",
            Some(_) => "differs",
            None => "new",
        };
        list.push_str(&format!("{word:<8} {path}\n"));
        if word != "same" {
            store(lab, path, text);
        }
    }
    store(lab, "LIST", &list);
}

#[test]
fn dev_tree() {
    for (path, text) in dev() {
        store("dev", &path, &text);
    }
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
fn apply_order() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let order: String = bundle
        .objects()
        .map(|object| format!("{} {}\n", object.id().api_version, object.id()))
        .collect();
    insta::assert_snapshot!(order);
}
