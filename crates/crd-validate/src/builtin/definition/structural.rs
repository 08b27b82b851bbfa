//! What makes a schema structural: every field has its type outside of `allOf`, `anyOf`, `oneOf` and `not`, which only say
//! more of its values.

use crate::value::{Value, json};
use kube_vocab::Path;

use super::super::faults::Faults;
use super::super::node::Node;
use super::said::is_said;
use crate::pattern;

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Root,
    Item,
    Field,
}

pub(super) fn check(root: &Node<'_, '_>, out: &mut Faults) {
    invariants(root, Level::Root, out);
    complete(root, root, out);
}

/// Keywords that exclude each other, level by level; `values` reads `allOf`, `anyOf`, `oneOf` and `not`.
fn invariants(node: &Node<'_, '_>, level: Level, out: &mut Faults) {
    let (kind, items, properties) = (node.get("type"), node.get("items"), node.get("properties"));
    if kind.str() == "array" && !items.is_set() {
        out.required_as(items.path, "a list says what its items are");
    }
    if items.is_set() {
        invariants(&items, Level::Item, out);
    }
    for (_, property) in properties.entries() {
        invariants(&property, Level::Field, out);
    }
    let more = node.get("additionalProperties");
    if more.is_set() {
        if level == Level::Root {
            out.forbidden(more.path, "the root names its fields");
        }
        if more.value.is_object() {
            invariants(&more, Level::Field, out);
        }
    }
    let either = node.flag("x-kubernetes-int-or-string");
    let free = node.get("x-kubernetes-preserve-unknown-fields");
    let embedded = node.get("x-kubernetes-embedded-resource");
    for keyword in [&free, &embedded] {
        if either && keyword.bool() {
            out.invalid(
                keyword.path,
                "must not be true where x-kubernetes-int-or-string is",
            );
        }
    }
    values(
        node,
        is_int_or_string(node.at(&["anyOf"])),
        first_is_int_or_string(node),
        out,
    );
    if embedded.bool() {
        if kind.str() != "object" {
            out.invalid(
                kind.path,
                "must be object, where x-kubernetes-embedded-resource is true",
            );
        }
        if more.is_set() {
            out.forbidden(more.path, "an embedded object names its fields");
        }
        if properties.is_empty() && !free.bool() {
            out.required_as(
                properties.path,
                "an embedded object has properties, or preserves unknown fields",
            );
        }
    } else if kind.is_empty() && !either && !free.bool() {
        let why = match level {
            Level::Root => "object, at the root",
            _ => "every field has a type",
        };
        out.required_as(kind.path, why);
    }
    if level == Level::Root && !kind.is_empty() && kind.str() != "object" {
        out.invalid(kind.path, "must be object at the root");
    }
    if level == Level::Root || embedded.bool() {
        of_object(&properties, level, out);
    }
}

/// What every object has, which a schema may only bound.
fn of_object(properties: &Node<'_, '_>, level: Level, out: &mut Faults) {
    for (name, property) in properties.entries() {
        let wanted = match name {
            "kind" | "apiVersion" => "string",
            "metadata" => "object",
            _ => continue,
        };
        let kind = property.get("type");
        if kind.str() != wanted {
            out.invalid(kind.path, format!("must be {wanted}"));
        }
        let members = property.map().into_iter().flatten();
        let mut others = members.filter(|(keyword, value)| match keyword.as_str() {
            "type" | "default" => false,
            "properties" => value.as_object().is_some_and(|named| {
                named
                    .keys()
                    .any(|name| name != "name" && name != "generateName")
            }),
            _ => is_said(value),
        });
        if name == "metadata" && level == Level::Root && others.next().is_some() {
            out.forbidden(
                property.path,
                "of the metadata, a schema speaks of name and generateName alone",
            );
        }
    }
}

/// The two forms in which the types of `x-kubernetes-int-or-string` may be told once more.
fn is_int_or_string(branches: &Value) -> bool {
    *branches == json!([{"type": "integer"}, {"type": "string"}])
}

fn first_is_int_or_string(node: &Node<'_, '_>) -> bool {
    let first = node.at(&["allOf"]).get(0);
    first.is_some_and(|first| first.get("anyOf").is_some_and(is_int_or_string))
}

/// The keywords about values, which logical junctors may repeat.
fn values(node: &Node<'_, '_>, skip_any: bool, skip_first: bool, out: &mut Faults) {
    for member in ["allOf", "anyOf", "oneOf"] {
        if member == "anyOf" && skip_any {
            continue;
        }
        for (index, branch) in node.get(member).items().enumerate() {
            condition(&branch, member == "allOf" && index == 0 && skip_first, out);
        }
    }
    let not = node.get("not");
    if not.is_set() {
        condition(&not, false, out);
    }
    let text = node.get("pattern");
    if !text.is_empty() && pattern::compile(text.str()).is_none() {
        let message = format!("\"{}\" is no regular expression of Go", text.str());
        out.invalid(text.path, message);
    }
}

/// A condition on values: it says nothing of the structure, which stands outside of it.
fn condition(node: &Node<'_, '_>, skip_any: bool, out: &mut Faults) {
    values(node, skip_any, false, out);
    let items = node.get("items");
    if items.is_set() {
        condition(&items, false, out);
    }
    for (name, property) in node.get("properties").entries() {
        condition(&property, false, out);
        if name == "metadata" {
            out.forbidden(property.path, "a condition does not speak of metadata");
        }
    }
    for name in [
        "type",
        "title",
        "description",
        "nullable",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-validations",
    ] {
        let keyword = node.get(name);
        if is_said(keyword.value) {
            out.forbidden(keyword.path, "a condition says nothing of the structure");
        }
    }
    for name in ["default", "additionalProperties"] {
        let keyword = node.get(name);
        let is_said = match name {
            "default" => keyword.is_set(),
            _ => keyword.value.is_object() || keyword.bool(),
        };
        if is_said {
            out.forbidden(keyword.path, "a condition says nothing of the structure");
        }
    }
}

/// Each field that a condition of `node` speaks of is there in the structure.
fn complete(node: &Node<'_, '_>, structure: &Node<'_, '_>, out: &mut Faults) {
    for member in ["allOf", "anyOf", "oneOf"] {
        for branch in node.get(member).items() {
            complete_condition(&branch, structure, out);
        }
    }
    let not = node.get("not");
    if not.is_set() {
        complete_condition(&not, structure, out);
    }
}

fn complete_condition(node: &Node<'_, '_>, structure: &Node<'_, '_>, out: &mut Faults) {
    let missing =
        |path: Path<'_>, out: &mut Faults| out.required_as(path, "a condition speaks of it");
    complete(node, structure, out);
    let (items, outer) = (node.get("items"), structure.get("items"));
    if items.is_set() {
        match outer.is_set() {
            true => complete_condition(&items, &outer, out),
            false => missing(outer.path, out),
        }
    }
    let outside = structure.get("properties");
    for (name, property) in node.get("properties").entries() {
        let path = outside.path.key(name);
        match outside.value.get(name) {
            Some(value) => complete_condition(&property, &Node { value, path }, out),
            None => missing(path, out),
        }
    }
}
