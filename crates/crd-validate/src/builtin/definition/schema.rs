//! The schemas of a definition, in the stages in which a server judges them: that they are structural, that their defaults fit
//! them, which keywords they have, and that their rules can be read.

use crate::value::Value;

use super::super::faults::Faults;
use super::super::node::Node;
use super::keywords::{self, Place};
use super::said::is_said;
use super::{defaults, structural};

/// What the root may say where `status` is a subresource, so that the schema of the status can be taken out of it.
const BESIDE_STATUS: [&str; 22] = [
    "description",
    "type",
    "format",
    "title",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "required",
    "items",
    "properties",
    "externalDocs",
    "example",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// Judges the schema of a version.
pub(super) fn check(root: &Node<'_, '_>, with_status: bool, out: &mut Faults) {
    let before = out.found.len();
    if with_status {
        beside_status(root, out);
    }
    let nullable = root.get("nullable");
    if nullable.bool() {
        out.forbidden(nullable.path, "an object is never null");
    }
    let unsupported = is_unsupported(root.value);
    let mut sound = false;
    if !unsupported {
        let before = out.found.len();
        structural::check(root, out);
        if out.found.len() == before {
            defaults::check(root, out);
        }
        sound = out.found.len() == before;
    }
    keywords::check(root, &Place::root(sound), out);
    if unsupported && out.found.len() == before {
        out.invalid(root.path, "has keywords that a server does not have");
    }
}

fn beside_status(root: &Node<'_, '_>, out: &mut Faults) {
    let kind = root.get("type");
    if !kind.is_empty() && kind.str() != "object" {
        out.invalid(kind.path, "must be object, where status is a subresource");
        return;
    }
    let other = root
        .map()
        .into_iter()
        .flatten()
        .find(|(name, value)| !BESIDE_STATUS.contains(&name.as_str()) && is_said(value));
    if let Some((name, _)) = other {
        let message = format!("must not have {name} at the root, where status is a subresource");
        out.invalid(root.path, message);
    }
}

/// Whether a schema, or one inside of it, has keywords that keep a server from reading it as a structure.
fn is_unsupported(node: &Value) -> bool {
    let has = |name: &str| node.get(name).is_some_and(is_said);
    let unknown = [
        "id",
        "$schema",
        "$ref",
        "patternProperties",
        "dependencies",
        "definitions",
    ];
    if unknown.iter().any(|name| has(name))
        || node.get("additionalItems").is_some()
        || node.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(false))
        || node.get("items").is_some_and(Value::is_array)
    {
        return true;
    }
    let one = ["items", "not", "additionalProperties"];
    let lists = ["allOf", "anyOf", "oneOf"];
    let named = node.get("properties").and_then(Value::as_object);
    one.iter()
        .filter_map(|name| node.get(name))
        .chain(
            lists
                .iter()
                .filter_map(|name| node.get(name)?.as_array())
                .flatten(),
        )
        .chain(named.into_iter().flat_map(|named| named.values()))
        .any(is_unsupported)
}
