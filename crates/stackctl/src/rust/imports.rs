//! What a program has to name before it can use short names.

use std::collections::{BTreeMap, BTreeSet};

/// The types and macros that are used, by the names that the program calls them.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// The modules of names.
    names: BTreeMap<String, String>,
    crates: BTreeSet<String>,
}

/// Names that mean something else already.
const TAKEN: [&str; 8] = [
    "Box", "Err", "None", "Ok", "Option", "Some", "String", "Vec",
];

impl Imports {
    /// How the program calls what has this path: by its last part, or, where another has that name, by the whole path.
    pub(super) fn name(&mut self, path: &str) -> String {
        let Some((module, name)) = path.rsplit_once("::") else {
            return path.to_owned();
        };
        let first = path.split("::").next().unwrap_or_default();
        self.crates.insert(first.to_owned());
        if !TAKEN.contains(&name) && !self.names.contains_key(name) {
            self.names.insert(name.to_owned(), module.to_owned());
        }
        match self.names.get(name) {
            Some(known) if known == module => name.to_owned(),
            _ => path.to_owned(),
        }
    }

    /// The crates by the names that their packages have, but for Rust's own.
    pub(super) fn packages(&self) -> Vec<String> {
        let crates = self.crates.iter().filter(|name| *name != "std");
        let packages = crates.map(|name| match name.as_str() {
            // The library has a shorter name than the package.
            "gateway_api" => "gateway-api-types".to_owned(),
            "serde_json" => "serde_json".to_owned(),
            name => name.replace('_', "-"),
        });
        packages.collect()
    }

    /// The `use` lines: Rust's own first, then those of crates.
    pub(super) fn print(&self) -> String {
        let mut modules: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
        for (name, module) in &self.names {
            let is_std = module.starts_with("std");
            modules.entry((!is_std, module)).or_default().push(name);
        }
        let mut out = String::new();
        let mut before = None;
        for ((other, module), names) in modules {
            if before.is_some_and(|before| before != other) {
                out.push('\n');
            }
            before = Some(other);
            out.push_str(&line(module, &names));
        }
        out
    }
}

fn line(module: &str, names: &[&str]) -> String {
    let one = match names {
        [name] => format!("use {module}::{name};\n"),
        _ => format!("use {module}::{{{}}};\n", names.join(", ")),
    };
    if one.len() <= 101 {
        return one;
    }
    let mut out = format!("use {module}::{{\n   ");
    let mut width = 3;
    for name in names {
        if width + name.len() + 2 > 100 {
            out.push_str("\n   ");
            width = 3;
        }
        out.push_str(&format!(" {name},"));
        width += name.len() + 2;
    }
    out.push_str("\n};\n");
    out
}
