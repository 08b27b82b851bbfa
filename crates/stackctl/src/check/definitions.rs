//! Definitions that the user gives: with `--crds`, or among the inputs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use crd_core::parse::lenient;
use crd_validate::{Definitions, KubernetesVersion, Registry, Validator, reader};
use gatekeeper_types::templates::{v1, v1alpha1, v1beta1};
use memchr::memmem;
use serde_json::Value;

use super::work;
use crate::files::{self, Exclude, Input};
use lab_cli::Console;

/// How many bytes of the inputs are kept rather than read a second time.
const KEPT: usize = 32 << 20;

/// Of two definitions for one kind the first counts: those of `--crds`, then those among the inputs.
pub(crate) fn given(
    folders: &[PathBuf],
    inputs: &[Input],
    version: KubernetesVersion,
    console: &mut Console,
) -> Registry {
    let mut registry = Registry::for_version(version);
    for input in files::collect(folders, &Exclude::default(), console) {
        let added = input
            .read()
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                let text = str::from_utf8(&bytes).map_err(|error| error.to_string())?;
                for constraint in constraints(text) {
                    registry.add(constraint);
                }
                registry.add_text(text).map_err(|error| error.to_string())
            });
        if let Err(error) = added {
            console.complain(format!("{}: {error}", input.name));
        }
    }
    for found in found_among(inputs) {
        for constraint in found.constraints {
            registry.add(constraint);
        }
        if let Some(definitions) = found.definitions {
            registry.add_all(definitions);
        }
        for object in found.known {
            registry.know(&object);
        }
    }
    registry
}

/// What an input says about others.
struct Found {
    /// The definitions in it. What cannot be used is judged with the other objects, and found wanting there.
    definitions: Option<Definitions>,
    /// The definitions of the constraints of its templates.
    constraints: Vec<Validator>,
    /// Objects of the cluster on which others depend.
    known: Vec<Value>,
}

/// The kinds of objects on which others depend, as [`Registry::know`] takes them.
const KNOWN: [&str; 3] = ["PriorityClass", "RuntimeClass", "ServiceCIDR"];

/// What the inputs say about others, in their order. What cannot be read is left to the check.
fn found_among(inputs: &[Input]) -> Vec<Found> {
    let kept = AtomicUsize::new(0);
    let found = work::all(inputs, |input| {
        let bytes = input.read().ok()?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let has = |word: &str| memmem::find(&bytes, word.as_bytes()).is_some();
        let found = Found {
            definitions: has("CustomResourceDefinition").then(|| Definitions::find_usable(text)),
            constraints: constraints(text),
            known: match KNOWN.into_iter().any(has) {
                true => work::documents(&bytes, known)
                    .into_iter()
                    .flatten()
                    .collect(),
                false => Vec::new(),
            },
        };
        let size = bytes.len();
        let is_cheap = kept.fetch_add(size, Ordering::Relaxed) + size <= KEPT;
        if is_cheap || input.is_stream() {
            input.keep(bytes);
        }
        Some(found)
    });
    found.into_iter().flatten().collect()
}

/// The object, if others depend on it.
fn known(document: work::Read) -> Option<Value> {
    let object = document.ok()?.value;
    let kind = object.get("kind")?.as_str()?;
    KNOWN.contains(&kind).then(|| object.to_json())
}

/// The kinds that Gatekeeper makes of ConstraintTemplates.
fn constraints(text: &str) -> Vec<Validator> {
    if !text.contains("ConstraintTemplate") {
        return Vec::new();
    }
    let definitions = reader::documents(text.as_bytes()).filter_map(|document| {
        let definition = constraint(&document.content.ok()?)?;
        Validator::try_from(definition).ok()
    });
    definitions.collect()
}

/// The CustomResourceDefinition of the constraints of a template.
fn constraint(template: &Value) -> Option<Value> {
    macro_rules! definition {
        ($version:ident) => {
            lenient::<$version::ConstraintTemplate>(template)
                .ok()?
                .constraint_crd()
                .ok()?
        };
    }
    let definition = match template.get("apiVersion")?.as_str()? {
        "templates.gatekeeper.sh/v1" => definition!(v1),
        "templates.gatekeeper.sh/v1beta1" => definition!(v1beta1),
        "templates.gatekeeper.sh/v1alpha1" => definition!(v1alpha1),
        _ => return None,
    };
    serde_json::to_value(definition).ok()
}
