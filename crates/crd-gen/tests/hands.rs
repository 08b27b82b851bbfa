//! The five families that were written by hand, beside what the generator makes of the same CRDs without sources or overrides:
//! the table of the README is what is measured here. `CRDS_DIR` names the folder with the CRDs.

use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crd_gen::{Options, generate};
use syn::visit::Visit;

/// What the table calls a family, the folder of its CRDs, and its crate.
const FAMILIES: [(&str, &str, &str); 5] = [
    (
        "Gateway API (experimental)",
        "gateway-api/experimental",
        "gateway-api",
    ),
    ("Istio", "istio", "istio-types"),
    ("Cilium", "cilium", "cilium-types"),
    ("Argo CD", "argocd", "argocd-types"),
    ("Gatekeeper", "gatekeeper", "gatekeeper-types"),
];

#[test]
fn the_readme_tells_how_generated_types_compare_with_those_of_hands() {
    let Some(root) = std::env::var_os("CRDS_DIR") else {
        // Past the harness, which keeps what tests print to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CRDS_DIR names no folder of CRDs"
        );
        return;
    };
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut table = String::new();
    for (title, folder, name) in FAMILIES {
        let by_hand = Declared::below(&home.parent().unwrap().join(name).join("src"));
        let documents = common::documents(&Path::new(&root).join(folder));
        let report = generate(&documents, &Options::new("hand-types"))
            .unwrap()
            .report;
        let names: BTreeSet<&str> = report
            .names
            .keys()
            .map(|name| name.rsplit("::").next().unwrap())
            .collect();
        let equal = by_hand.types.iter();
        let equal = equal.filter(|name| names.contains(name.as_str())).count();
        table.push_str(&format!(
            "| {title} | {} | {} | {} | {equal} | {} | {} | {} |\n",
            thousands(report.objects),
            by_hand.types.len(),
            report.names.len(),
            by_hand.unions,
            report.unions,
            report.longest().len(),
        ));
    }
    let readme = fs::read_to_string(home.join("README.md")).unwrap();
    for line in table.lines() {
        let title = line.split('|').nth(1).unwrap();
        let told = readme
            .lines()
            .find(|told| told.split('|').nth(1) == Some(title));
        // A type more or less is no news.
        let close = told.is_some_and(|told| {
            let (told, found) = (numbers(told), numbers(line));
            let mut pairs = told.iter().zip(&found);
            told.len() == found.len()
                && pairs.all(|(told, found)| told.abs_diff(*found) <= 1 + found / 20)
        });
        assert!(close, "the table of README.md is to be:\n{table}");
    }
}

fn numbers(line: &str) -> Vec<usize> {
    let cells = line.split('|').map(|cell| cell.trim().replace(',', ""));
    cells.filter_map(|cell| cell.parse().ok()).collect()
}

fn thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

/// The public types of a crate.
#[derive(Default)]
struct Declared {
    types: BTreeSet<String>,
    unions: usize,
}

impl Declared {
    fn below(folder: &Path) -> Self {
        let mut found = Self::default();
        let mut pending: Vec<PathBuf> = vec![folder.to_owned()];
        while let Some(path) = pending.pop() {
            if path.is_dir() {
                pending.extend(
                    fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            } else {
                let text = fs::read_to_string(&path).unwrap();
                if path.extension().is_some_and(|extension| extension == "rs") {
                    found.visit_file(&syn::parse_file(&text).unwrap());
                }
            }
        }
        found
    }
}

impl<'ast> Visit<'ast> for Declared {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if matches!(item.vis, syn::Visibility::Public(_)) {
            self.types.insert(item.ident.to_string());
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        if matches!(item.vis, syn::Visibility::Public(_)) {
            self.types.insert(item.ident.to_string());
        }
        let derives = item
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"));
        let mut is_union = false;
        for derive in derives {
            // What else stands in a derive is no union.
            let _ = derive.parse_nested_meta(|meta| {
                is_union |= meta.path.is_ident("Union");
                Ok(())
            });
        }
        self.unions += usize::from(is_union);
    }
}
