//! The schemas of a definition: structural ones, of keywords that a server has.

use serde_json::Value;

use super::super::expression;
use super::super::faults::Faults;
use super::super::node::Node;
use crate::pattern;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Judges the schema of a version.
pub(super) fn check(root: &Node<'_, '_>, out: &mut Faults) {
    let kind = root.get("type");
    match kind.str() {
        "" => out.required_as(kind.path, "object, at the root"),
        "object" => {}
        _ if TYPES.contains(&kind.str()) => out.invalid(kind.path, "must be object at the root"),
        _ => {}
    }
    let properties = root.get("properties");
    let metadata = properties.value.get("metadata").unwrap_or(&Value::Null);
    let mut others = metadata
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    if others.any(|(name, _)| name != "name" && name != "generateName") {
        out.forbidden(
            properties.path.key("metadata"),
            "of the metadata, a schema speaks of name and generateName alone",
        );
    }
    structural(root, true, out);
}

/// A node of the structure: outside of `allOf`, `anyOf`, `oneOf` and `not`.
fn structural(node: &Node<'_, '_>, root: bool, out: &mut Faults) {
    keywords(node, out);
    let kind = node.get("type");
    let (free, either) = (
        node.flag("x-kubernetes-preserve-unknown-fields"),
        node.flag("x-kubernetes-int-or-string"),
    );
    if !root && kind.is_empty() && !free && !either {
        out.required_as(kind.path, "every field has a type");
    }
    if !kind.is_empty() && !TYPES.contains(&kind.str()) {
        out.unsupported(kind.path, kind.str(), &TYPES);
    }
    if node.flag("x-kubernetes-embedded-resource") {
        if kind.str() != "object" && !root {
            out.invalid(
                kind.path,
                "must be object, where x-kubernetes-embedded-resource is true",
            );
        }
        if node.get("properties").is_empty() && !free {
            out.required_as(
                node.get("properties").path,
                "an embedded object has properties, or preserves unknown fields",
            );
        }
    }
    let items = node.get("items");
    if kind.str() == "array" && !items.is_set() {
        out.required_as(items.path, "a list says what its items are");
    }
    if items.value.is_array() {
        out.forbidden(items.path, "it must be one schema, not a list of them");
    } else if items.is_set() {
        structural(&items, false, out);
    }
    let properties = node.get("properties");
    for (_, property) in properties.entries() {
        structural(&property, false, out);
    }
    let more = node.get("additionalProperties");
    if more.is_set() {
        if !properties.is_empty() {
            out.forbidden(more.path, "it goes with no properties");
        }
        match more.value {
            Value::Bool(false) => out.forbidden(more.path, "it must not be false"),
            Value::Object(_) => structural(&more, false, out),
            _ => {}
        }
    }
    lists(node, out);
    for member in ["allOf", "anyOf", "oneOf"] {
        for branch in node.get(member).items() {
            // Of an integer or a string, the branches may say so.
            condition(&branch, node, either && member == "anyOf", out);
        }
    }
    let not = node.get("not");
    if not.is_set() {
        condition(&not, node, false, out);
    }
    for rule in node.get("x-kubernetes-validations").items() {
        let text = rule.get("rule");
        if text.str().trim().is_empty() {
            out.required(text.path);
        } else {
            expression::compiles(&text, out);
        }
        let message = rule.get("message");
        if !message.is_empty() && message.str().trim().is_empty() {
            out.invalid(message.path, "must not be blank");
        } else if message.str().trim().contains(['\n', '\r']) {
            out.invalid(message.path, "must be one line");
        } else if text.str().trim().contains(['\n', '\r']) && message.is_empty() {
            out.required_as(message.path, "the rule has several lines");
        }
    }
}

/// Keywords that no schema of a server has, or only with some values.
fn keywords(node: &Node<'_, '_>, out: &mut Faults) {
    for name in [
        "$ref",
        "definitions",
        "dependencies",
        "id",
        "patternProperties",
        "additionalItems",
    ] {
        let keyword = node.get(name);
        if !keyword.is_empty() {
            out.forbidden(node.path.field(name), "a server has no such keyword");
        }
    }
    if node.flag("uniqueItems") {
        out.forbidden(
            node.get("uniqueItems").path,
            "it would take too long; x-kubernetes-list-type: set does the same",
        );
    }
    let keyword = node.get("x-kubernetes-preserve-unknown-fields");
    if keyword.is_set() && !keyword.bool() {
        out.invalid(keyword.path, "must be true, or not there");
    }
    let text = node.get("pattern");
    if !text.is_empty() && pattern::compile(text.str()).is_none() {
        out.invalid(
            text.path,
            format!("\"{}\" is no regular expression of Go", text.str()),
        );
    }
    out.one_of(&node.get("x-kubernetes-map-type"), &["atomic", "granular"]);
}

/// How the items of a list are told apart.
fn lists(node: &Node<'_, '_>, out: &mut Faults) {
    let (kind, keys) = (
        node.get("x-kubernetes-list-type"),
        node.get("x-kubernetes-list-map-keys"),
    );
    if kind.is_set() && node.text("type") != "array" {
        out.invalid(
            node.get("type").path,
            "must be array, where there is an x-kubernetes-list-type",
        );
    }
    out.one_of(&kind, &["atomic", "map", "set"]);
    if !keys.is_empty() && kind.str() != "map" {
        out.invalid(
            kind.path,
            "must be map, where there are x-kubernetes-list-map-keys",
        );
    }
    if kind.str() != "map" {
        return;
    }
    if keys.is_empty() {
        out.required(keys.path);
    }
    let items = node.get("items");
    let properties = items.get("properties");
    for key in keys.items() {
        if properties.value.get(key.str()).is_none() {
            out.invalid(
                key.path,
                format!("\"{}\" must be a property of the items", key.str()),
            );
        }
    }
}

/// A condition on values: it says nothing of the structure, which stands outside of it.
fn condition(node: &Node<'_, '_>, owner: &Node<'_, '_>, typed: bool, out: &mut Faults) {
    keywords(node, out);
    for name in [
        "type",
        "title",
        "description",
        "default",
        "additionalProperties",
        "nullable",
    ] {
        let keyword = node.get(name);
        let there = if name == "nullable" {
            keyword.bool()
        } else {
            !keyword.is_empty()
        };
        if there && !(typed && name == "type") {
            out.forbidden(keyword.path, "a condition says nothing of the structure");
        }
    }
    for (name, property) in node.get("properties").entries() {
        let outside = owner.get("properties");
        match outside.value.get(name) {
            Some(value) => {
                let outer = Node {
                    value,
                    path: outside.path.key(name),
                };
                condition(&property, &outer, false, out);
            }
            None if owner.flag("x-kubernetes-preserve-unknown-fields") => {
                condition(&property, owner, false, out)
            }
            None => out.required_as(outside.path.key(name), "a condition speaks of it"),
        }
    }
    let items = node.get("items");
    if items.is_set() {
        condition(&items, &owner.get("items"), false, out);
    }
    for member in ["allOf", "anyOf", "oneOf"] {
        for branch in node.get(member).items() {
            let either = owner.flag("x-kubernetes-int-or-string") && member == "anyOf";
            condition(&branch, owner, either, out);
        }
    }
    let not = node.get("not");
    if not.is_set() {
        condition(&not, owner, false, out);
    }
}
