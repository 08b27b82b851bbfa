//! The metadata of built-in kinds, where it is judged otherwise than that of custom ones.

use crate::value::Value;
use kube_vocab::{FieldPath, Path, names};

use super::faults::Faults;
use super::node::Node;
use crate::metadata::{self, NameRule};

/// Finalizers that the server knows without a domain.
const FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// How much of the metadata a kind judges by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judges {
    /// Names, and finalizers that must have a domain.
    Everything,
    /// The same, but finalizers need no domain.
    Names,
}

/// Judges the metadata of an object that is created.
pub(super) fn check(
    object: &Value,
    rule: NameRule,
    judges: Judges,
    namespaced: bool,
    numbered: bool,
    out: &mut Faults,
) {
    let metadata = object.get("metadata").unwrap_or(&Value::Null);
    metadata::check(metadata, rule, namespaced, &mut out.found);
    let node = Node::root(object);
    let metadata = node.get("metadata");
    if judges == Judges::Everything {
        let list = metadata.get("finalizers");
        for item in list.items() {
            if !item.str().contains('/') && !FINALIZERS.contains(&item.str()) {
                out.invalid(
                    item.path,
                    format!(
                        "\"{}\" must have a domain, such as example.com/cleanup",
                        item.str()
                    ),
                );
            }
        }
    }
    // A kind whose generations the server counts forgets the number that is sent.
    let generation = metadata.get("generation");
    if !numbered && generation.int() < 0 {
        out.invalid(
            generation.path,
            format!("{} must not be negative", generation.int()),
        );
    }
}

/// A finalizer outside of the metadata, at the path of its list.
pub(super) fn finalizer(path: Path<'_>, node: &Node<'_, '_>, out: &mut Faults) {
    if let Err(reason) = names::qualified_name(node.str()) {
        out.invalid(
            FieldPath::from(path),
            format!("\"{}\": {reason}", node.str()),
        );
    } else if !node.str().contains('/') && !FINALIZERS.contains(&node.str()) {
        out.invalid(
            path,
            format!(
                "\"{}\" must have a domain, such as example.com/cleanup",
                node.str()
            ),
        );
    }
}

/// Reports a name that is not what the server makes of other members of the object, as no generated one is.
pub(super) fn composed_name(metadata: &Node<'_, '_>, wanted: &str, parts: &str, out: &mut Faults) {
    let (name, prefix) = (metadata.get("name"), metadata.get("generateName"));
    let generated = name.is_empty() && !prefix.is_empty();
    let message = || format!("must be {parts}: \"{wanted}\"");
    if !prefix.is_empty() && prefix.str() != wanted {
        out.invalid(prefix.path, message());
    }
    if generated || (!name.is_empty() && name.str() != wanted) {
        out.invalid(name.path, message());
    }
}
