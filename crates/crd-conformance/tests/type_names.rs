//! Type names stay short, in all types crates.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

const LONGEST: usize = 40;

#[test]
fn no_type_name_has_more_than_forty_characters() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in [
        "argocd-types",
        "cilium-types",
        "crd-core",
        "gatekeeper-types",
        "gateway-api",
        "istio-types",
    ] {
        let mut found = Vec::new();
        collect(&crates.join(name).join("src"), &mut found);
        assert!(found.len() > 10, "{name}: only {} types found", found.len());
        let long: Vec<_> = found.iter().filter(|name| name.len() > LONGEST).collect();
        assert!(long.is_empty(), "{name}: {long:?}");
    }
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let declared = text.lines().filter_map(|line| {
            let line = line.trim_start();
            ["pub struct ", "pub enum ", "pub type "]
                .iter()
                .find_map(|prefix| line.strip_prefix(prefix))
        });
        found.extend(declared.map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        }));
    }
}
