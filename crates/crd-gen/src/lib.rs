#![doc = include_str!("../README.md")]

mod attributes;
mod core_types;
mod definition;
mod docs;
mod error;
mod go;
mod layout;
mod naming;
mod options;
mod overrides;
mod package;
mod print;
mod report;
mod rules;
mod shape;
mod types;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use error::Error;
pub use go::GoTypes;
pub use options::Options;
pub use overrides::Overrides;
pub use package::{Manifest, Package, Words};
pub use report::Report;

use crate::attributes::Attributes;
use crate::docs::Docs;
use crate::naming::Namer;
use crate::shape::{ShapeId, Shapes};
use crate::types::{Body, Types};

/// A crate that was made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The texts of the files, by their paths within the crate.
    pub files: BTreeMap<String, String>,
    /// What was made, and what was unsure.
    pub report: Report,
}

/// Makes a crate of the CustomResourceDefinitions among the documents. The same documents in any order give the same files.
///
/// ```
/// use crd_gen::{Options, generate};
/// use serde_json::json;
///
/// let crd = json!({
///     "kind": "CustomResourceDefinition",
///     "metadata": {"name": "kites.example.com"},
///     "spec": {
///         "group": "example.com",
///         "scope": "Namespaced",
///         "names": {"kind": "Kite", "plural": "kites"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
///             "type": "object",
///             "properties": {"spec": {"type": "object", "required": ["size"], "properties": {"size": {"type": "string"}}}},
///         }}}],
///     },
/// });
/// let made = generate(&[crd], &Options::new("kite-types"))?;
/// assert!(made.files["src/v1/kite.rs"].contains("pub struct KiteSpec {"));
/// # Ok::<(), crd_gen::Error>(())
/// ```
///
/// # Errors
///
/// When there is no definition, one lacks what each must have, two define one kind, an override names what is not there, or the
/// crate's name is none.
pub fn generate(documents: &[Value], options: &Options) -> Result<Generated, Error> {
    if !words::is_crate_name(&options.name) {
        return Err(Error::Name(options.name.clone()));
    }
    let definitions = definition::read(documents)?;
    let shapes = Shapes::read(&definitions);
    let overrides = &options.overrides;
    let choices = overrides.choices(&definitions, &shapes)?;
    let place_name = |id: ShapeId| place_name(&definitions, &shapes, id);
    let types = types::decide(&definitions, &shapes, &choices, &place_name);
    let told = overrides.names(&definitions, &shapes, &types)?;
    let namer = Namer {
        definitions: &definitions,
        shapes: &shapes,
        types: &types,
        told,
        go: &options.go,
    };
    let names = namer.name()?;
    let files = overrides.files(&definitions, &shapes)?;
    let layout = layout::arrange(&definitions, &shapes, &types, &names, &files);
    let known: BTreeSet<&str> = (0..types.own.len())
        .map(|ty| names.of(types::TypeId(ty)))
        .collect();
    if let Some(key) = files.named.keys().find(|key| !known.contains(*key)) {
        return Err(Error::stale(
            "module",
            key,
            "there is no type of this name".to_owned(),
        ));
    }
    let docs = Docs {
        words: options.words,
        definitions: &definitions,
        shapes: &shapes,
        types: &types,
        names: &names,
        told: &overrides.doc,
        asked: RefCell::default(),
    };
    let printer = print::Printer {
        options,
        definitions: &definitions,
        shapes: &shapes,
        types: &types,
        names: &names,
        layout: &layout,
        docs: &docs,
        attributes: Attributes::new(options.words, &overrides.message, &shapes, &types, &names),
        complex: false,
    };
    let mut files = printer.print();
    files.retain(|path, _| !options.kept.contains(path));
    let asked = docs.asked.borrow();
    if let Some(key) = overrides.doc.keys().find(|key| !asked.contains(*key)) {
        let reason = match known.contains(key.split('.').next().unwrap_or_default()) {
            true => "the type has no such field",
            false => "there is no type of this name",
        };
        return Err(Error::stale("doc", key, reason.to_owned()));
    }
    let report = report_of(&definitions, &shapes, &types, &layout, &names, &place_name);
    Ok(Generated { files, report })
}

/// The first place of a shape: `Kite/v1 spec.tail[]`.
fn place_name(definitions: &[definition::Definition], shapes: &Shapes, id: ShapeId) -> String {
    // The places of a shape are known once all roots are read, and roots are in the order of reading.
    let Some(place) = shapes.places[id.0].first() else {
        return String::new();
    };
    let root = &shapes.roots[place.root];
    let definition = &definitions[root.definition];
    let path = report::path_text(&place.steps);
    let space = if path.is_empty() { "" } else { " " };
    format!(
        "{}/{}{space}{path}",
        definition.kind, definition.versions[root.version].name
    )
}

fn report_of(
    definitions: &[definition::Definition],
    shapes: &Shapes,
    types: &Types,
    layout: &layout::Layout,
    names: &naming::Names,
    place_name: &dyn Fn(ShapeId) -> String,
) -> Report {
    let mut report = Report {
        kinds: definitions.len(),
        core_types: types.core.keys().cloned().collect(),
        unsure: types.unsure.iter().cloned().collect(),
        ..Report::default()
    };
    let objects = shapes
        .ids()
        .filter(|id| !shapes.get(*id).properties.is_empty());
    report.objects = objects.map(|id| shapes.places[id.0].len()).sum();
    for (number, own) in types.own.iter().enumerate() {
        match own.body {
            Body::Struct { .. } => report.structs += 1,
            Body::Union { .. } => report.unions += 1,
            Body::Texts { .. } | Body::Numbers(_) => report.sets += 1,
        }
        let place = own
            .shapes
            .first()
            .map(|shape| place_name(*shape))
            .unwrap_or_default();
        let module = layout.of[number].version.join("::");
        report.names.insert(
            format!("{module}::{}", names.of(types::TypeId(number))),
            place,
        );
    }
    for definition in definitions {
        for version in definition
            .versions
            .iter()
            .filter(|version| version.selectable)
        {
            let place = format!("{}/{}", definition.kind, version.name);
            report
                .unsure
                .push((place, "its selectable fields are left out".to_owned()));
        }
    }
    report
}
