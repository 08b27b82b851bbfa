//! `stackctl rust`: the Rust that builds given objects.

mod align;
mod builder;
mod builtin;
mod constructors;
mod debugged;
mod expression;
mod imports;
mod json;
mod object;
mod samples;
mod seed;
mod short;
mod type_name;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use crd_core::{KindInfo, Scope};
use crd_families::{Family, Registry};
use crd_validate::reader;
use lab_cli::{Console, Failure};
use serde_json::Value;

use self::builder::{Builder, Reading, Root};
use self::imports::Imports;
use self::short::Shorts;
use crate::files::{self, Exclude};

/// Print the Rust that builds objects with this workspace's types
///
/// A function for each object, with constructors where they fit and `..Default::default()` for what is left out. Custom kinds
/// are those of the types crates, built-in kinds those of k8s-openapi.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl rust worker.yaml > src/worker.rs
  kubectl get scaledobject worker -o yaml | stackctl rust -

The first line names the crates that the program needs. What is no object, or of a kind that no crate has, is told on standard
error.

Exit code: 0 when all objects are printed, 1 when one is not, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// Files, folders of manifests, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Prints the program. The answer is whether an object could not be printed.
///
/// # Errors
/// When nothing can be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let mut program = Program::new();
    let mut failed = false;
    for input in files::collect(&arguments.paths, &Exclude::default(), console) {
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                console.complain(format!("{}: {error}", input.name));
                continue;
            }
        };
        for document in reader::read(&bytes) {
            let added = match &document.content {
                Ok(value) if value.is_null() => Ok(()),
                Ok(value) => program.add(value),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = added {
                console.note(format!("{}:{}: {error}", input.name, document.line));
                failed = true;
            }
        }
    }
    if !program.is_empty() {
        console.print(&program.print())?;
    }
    Ok(failed)
}

/// A program with a function for each object that was added.
pub struct Program {
    registry: Registry,
    imports: Imports,
    functions: Vec<Function>,
    names: BTreeSet<String>,
    /// The number that stands behind the last function of each wanted name: many objects may be called the same.
    numbers: BTreeMap<String, usize>,
    /// Whether types have a default, by their paths.
    defaults: BTreeMap<String, bool>,
    shorts: Shorts,
}

/// A function that builds an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Function {
    /// Its name: those of the object and its kind.
    pub name: String,
    /// How many parts of the object it reads from JSON, since they cannot be built otherwise.
    pub from_json: usize,
    /// The object as its type writes it: what the function's result becomes in JSON.
    pub object: Value,
    text: String,
}

impl Program {
    /// A program without functions.
    #[must_use]
    pub fn new() -> Self {
        let mut defaults = BTreeMap::new();
        let shorts = constructors::learn(&mut defaults);
        Self {
            registry: Registry::new(),
            imports: Imports::default(),
            functions: Vec::new(),
            names: BTreeSet::new(),
            numbers: BTreeMap::new(),
            defaults,
            shorts,
        }
    }

    /// Whether it has no functions yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// The functions, in the order in which their objects were added.
    #[must_use]
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Adds a function that builds the object.
    ///
    /// # Errors
    /// In words, when the document is no object, its kind is of no crate, or the kind's type does not take it.
    pub fn add(&mut self, document: &Value) -> Result<(), String> {
        let text = |key: &str| document[key].as_str().unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        if api_version.is_empty() || kind.is_empty() {
            return Err("it is no object: it has no `apiVersion` and `kind`".to_owned());
        }
        if let Some(read) = builtin::reader(api_version, kind) {
            let read = read(document).map_err(|error| error.to_string())?;
            let root = type_name::Ty::read(read.root).map(|ty| ty.public());
            self.build(&Reading {
                debug: read.debug,
                value: read.value,
                seeds: read.seeds,
                root: root.unwrap_or_default(),
                is: Root::Core,
                reads: &read.reads,
            });
            return Ok(());
        }
        let Some(version) = self.registry.version(api_version, kind).copied() else {
            return Err(format!(
                "no crate has types for `{kind}` of `{api_version}`"
            ));
        };
        let object = version
            .strict(document)
            .map_err(|error| error.to_string())?;
        let value = object.to_value().map_err(|error| error.to_string())?;
        let seeds = version.seeds(&value).map_err(|error| error.to_string())?;
        let debug = format!("{object:?}");
        let name = debug.split(' ').next().unwrap_or_default();
        let root = format!("{}::{name}", self.module(version.info()));
        self.build(&Reading {
            debug,
            value,
            seeds,
            root,
            is: Root::Kind {
                namespaced: version.info().scope == Scope::Namespaced,
            },
            reads: &|value| version.seeds(value).is_ok(),
        });
        Ok(())
    }

    fn build(&mut self, reading: &Reading<'_>) {
        let mut builder = Builder::new(reading, &mut self.defaults);
        let whole = builder.object();
        let from_json = builder.opaque;
        let ty = self.imports.name(&reading.root);
        let mut expression = self.shorts.shorten(whole);
        expression.import(&mut self.imports);
        let metadata = &reading.value["metadata"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (name, kind) = (text(&metadata["name"]), text(&reading.value["kind"]));
        let function = self.name(&format!("{name} {kind}"));
        let place = match text(&metadata["namespace"]) {
            namespace if namespace.is_empty() => name,
            namespace => format!("{namespace}/{name}"),
        };
        let body = expression.print(4, 4);
        let text =
            format!("/// The {kind} `{place}`.\npub fn {function}() -> {ty} {{\n    {body}\n}}\n");
        self.functions.push(Function {
            name: function,
            from_json,
            object: reading.value.clone(),
            text,
        });
    }

    /// A name for a function that no other has.
    fn name(&mut self, words: &str) -> String {
        let mut wanted = String::new();
        let mut before = ' ';
        for letter in words.chars() {
            let starts = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
            if (starts || !letter.is_ascii_alphanumeric())
                && !wanted.is_empty()
                && !wanted.ends_with('_')
            {
                wanted.push('_');
            }
            if letter.is_ascii_alphanumeric() {
                wanted.push(letter.to_ascii_lowercase());
            }
            before = letter;
        }
        if !wanted.starts_with(|first: char| first.is_ascii_lowercase()) {
            wanted.insert_str(0, "object_");
        }
        let mut name = wanted.clone();
        let number = self.numbers.entry(wanted.clone()).or_insert(1);
        while !self.names.insert(name.clone()) {
            *number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }

    /// The module of a version's types. All types crates have the API's: the group's, where there are several, and the version.
    fn module(&self, info: &KindInfo) -> String {
        let has = |family: &&Family| {
            family
                .kinds()
                .any(|kind| (kind.group, kind.kind) == (info.group, info.kind))
        };
        let Some(family) = self.registry.families().iter().find(has) else {
            return String::new();
        };
        let krate = match family.name() {
            "gateway-api" => "gateway_api".to_owned(),
            name => format!("{}_types", name.replace('-', "_")),
        };
        let groups: BTreeSet<&str> = family.kinds().map(|kind| kind.group).collect();
        let version = info.version;
        match group_module(info.group, &groups) {
            Some(group) => format!("{krate}::{group}::{version}"),
            None => format!("{krate}::{version}"),
        }
    }

    /// The program's text.
    #[must_use]
    pub fn print(&self) -> String {
        let packages = self.imports.packages().join(", ");
        let mut out = format!("// Needs: {packages}\n\n{}", self.imports.print());
        for function in &self.functions {
            out.push('\n');
            out.push_str(&function.text);
        }
        out
    }
}

impl Default for Program {
    fn default() -> Self {
        Self::new()
    }
}

/// The module of a group; the only one, and the one that others end with, have none.
fn group_module(group: &str, groups: &BTreeSet<&str>) -> Option<String> {
    let below = |group: &str, main: &str| {
        let rest = group.strip_suffix(main)?.strip_suffix('.')?;
        Some(rest.to_owned())
    };
    if groups.len() == 1 || group == "gateway.networking.k8s.io" {
        return None;
    }
    if group == "gateway.networking.x-k8s.io" {
        return Some("x_k8s".to_owned());
    }
    let main = groups
        .iter()
        .find(|main| groups.iter().any(|group| below(group, main).is_some()));
    let module = match main {
        Some(main) if *main == group => return None,
        Some(main) => below(group, main),
        None => None,
    };
    let module = module.unwrap_or_else(|| group.split('.').next().unwrap_or_default().to_owned());
    Some(module.replace(['-', '.'], "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_functions_have_one_name() {
        let mut program = Program::new();
        let names = ["a Pod", "a Pod", "a Pod 2", "a Pod", "a Pod 2", "9 Pod"];
        let names = names.map(|words| program.name(words));
        let expected = [
            "a_pod",
            "a_pod_2",
            "a_pod_2_2",
            "a_pod_3",
            "a_pod_2_3",
            "object_9_pod",
        ];
        assert_eq!(names, expected);
    }
}
