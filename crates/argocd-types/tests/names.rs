//! Short names, and few of them.

#![allow(clippy::unwrap_used)]

use std::path::Path;

/// The types that the sources of a crate declare.
fn types(crate_folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(crate_folder)
        .join("src");
    let mut folders = vec![root];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let mut words = line.trim_start().split(|c: char| !c.is_alphanumeric());
                let is_type = words.next() == Some("pub")
                    && matches!(words.next(), Some("struct" | "enum" | "trait" | "type"));
                names.extend(words.next().filter(|_| is_type).map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn names_have_at_most_40_characters() {
    for family in ["argocd-types", "gatekeeper-types"] {
        let names = types(family);
        assert!(names.len() > 80, "{family}: {names:?}");
        let long: Vec<_> = names.iter().filter(|name| name.len() > 40).collect();
        assert!(long.is_empty(), "{family}: {long:?}");
    }
}

/// Bindings that are generated per path have 1,609 for ApplicationSet alone.
#[test]
fn all_of_argo_cd_takes_fewer_than_150_types() {
    let names = types("argocd-types");
    assert!(names.len() < 150, "{} types", names.len());
}
