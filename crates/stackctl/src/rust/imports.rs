//! What a program has to name before it can use short names.

use std::collections::{BTreeMap, BTreeSet};

/// The types and macros that are used, by the names that the program calls them.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// The modules of names.
    names: BTreeMap<String, String>,
    /// Whatever was named, in order, so that it can be taken back.
    journal: Vec<Named>,
}

/// A path that was named, and whether its last part became a name by that.
#[derive(Debug)]
struct Named {
    path: String,
    is_new: bool,
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
        let is_new = !TAKEN.contains(&name) && !self.names.contains_key(name);
        if is_new {
            self.names.insert(name.to_owned(), module.to_owned());
        }
        self.journal.push(Named {
            path: path.to_owned(),
            is_new,
        });
        match self.names.get(name) {
            Some(known) if known == module => name.to_owned(),
            _ => path.to_owned(),
        }
    }

    /// How much was named so far.
    pub(super) fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Takes back what was named since the mark.
    pub(super) fn take_back(&mut self, mark: usize) {
        for named in self.journal.drain(mark..) {
            if named.is_new {
                self.names
                    .remove(named.path.rsplit("::").next().unwrap_or_default());
            }
        }
    }

    /// The crates by the names that their packages have, but for Rust's own.
    pub(super) fn packages(&self) -> Vec<String> {
        let paths = self.journal.iter();
        let crates = paths.map(|named| named.path.split("::").next().unwrap_or_default());
        let crates: BTreeSet<&str> = crates.filter(|name| *name != "std").collect();
        let packages = crates.into_iter().map(|name| match name {
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
