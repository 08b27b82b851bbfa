//! What the tests ask of every generated crate.
#![allow(dead_code)]

pub mod families;
pub mod odd;
pub mod strange;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crd_gen::Generated;
use serde_json::Value;
use syn::visit::Visit;

/// The documents of all YAML files below a folder.
pub fn documents(folder: &Path) -> Vec<Value> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files
        .iter()
        .map(|path| serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
}

/// Every Rust file parses, and no name breaks a rule.
pub fn assert_sound(what: &str, made: &Generated) {
    for (path, text) in &made.files {
        if path.ends_with(".rs") {
            let file = syn::parse_file(text)
                .unwrap_or_else(|error| panic!("{what}: {path}: {error}\n{text}"));
            let mut names = Names::default();
            names.visit_file(&file);
            assert_eq!(
                names.twice,
                Vec::<String>::new(),
                "{what}: {path}: declared twice"
            );
            for name in &names.types {
                assert!(name.len() <= 40, "{what}: {path}: {name} is too long");
                assert!(
                    !PRELUDE.contains(&name.as_str()),
                    "{what}: {path}: {name} is taken"
                );
                assert!(
                    name.chars()
                        .next()
                        .is_some_and(|first| first.is_ascii_uppercase()),
                    "{what}: {path}: {name}"
                );
            }
        }
        if path.ends_with(".json") {
            serde_json::from_str::<Value>(text).unwrap();
        }
        if path == "Cargo.toml" {
            text.parse::<toml::Table>().unwrap();
        }
    }
}

const PRELUDE: [&str; 14] = [
    "Option", "Vec", "String", "Box", "Result", "Some", "None", "Ok", "Err", "Default", "Clone",
    "Object", "Value", "BTreeMap",
];

#[derive(Default)]
struct Names {
    types: BTreeSet<String>,
    twice: Vec<String>,
}

impl Names {
    fn add(&mut self, name: String) {
        if !self.types.insert(name.clone()) {
            self.twice.push(name);
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(item.ident.to_string());
        let mut fields = BTreeSet::new();
        for field in &item.fields {
            let name = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            if !fields.insert(name.clone()) {
                self.twice.push(format!("{}.{name}", item.ident));
            }
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(item.ident.to_string());
        let mut arms = BTreeSet::new();
        for arm in &item.variants {
            if !arms.insert(arm.ident.to_string()) {
                self.twice.push(format!("{}::{}", item.ident, arm.ident));
            }
        }
    }
}
