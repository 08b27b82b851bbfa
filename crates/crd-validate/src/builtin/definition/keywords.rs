//! The keywords of schemas, one by one, and their rules.

use crate::value::Value;

use super::super::expression;
use super::super::faults::Faults;
use super::super::node::Node;
use super::field_path;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
const REASONS: [&str; 4] = [
    "FieldValueDuplicate",
    "FieldValueForbidden",
    "FieldValueInvalid",
    "FieldValueRequired",
];

/// Where a schema stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    is_root: bool,
    /// In the schema of what every object has.
    in_meta: bool,
    no_defaults: bool,
    /// Where a server cannot tell which old value belongs to which new one.
    no_old_self: bool,
    /// Whether its rules are judged.
    rules: bool,
}

impl Place {
    pub(super) fn root(rules: bool) -> Self {
        Self {
            is_root: true,
            in_meta: false,
            no_defaults: false,
            no_old_self: false,
            rules,
        }
    }
}

/// Judges a schema and all in it. Says whether all was fine but for rules.
pub(super) fn check(node: &Node<'_, '_>, place: &Place, out: &mut Faults) -> bool {
    let before = out.found.len();
    plain(node, place, out);
    lists(node, out);
    texts_of_rules(node, out);
    let mut fine = out.found.len() == before;
    let inner = Place {
        is_root: false,
        ..*place
    };
    let more = node.get("additionalProperties");
    if more.value.is_object() {
        let place = Place {
            no_defaults: inner.no_defaults || inner.in_meta,
            ..inner
        };
        fine &= check(&more, &place, out);
    }
    for (name, property) in node.get("properties").entries() {
        let owner = place.is_root || node.flag("x-kubernetes-embedded-resource");
        let is_meta = owner && matches!(name, "metadata" | "kind" | "apiVersion");
        let place = Place {
            in_meta: inner.in_meta || is_meta,
            no_defaults: inner.no_defaults || (is_meta && place.is_root),
            no_old_self: inner.no_old_self || node.text("x-kubernetes-map-type") == "atomic",
            ..inner
        };
        fine &= check(&property, &place, out);
    }
    let condition = Place {
        rules: false,
        ..inner
    };
    for member in ["allOf", "anyOf", "oneOf"] {
        for branch in node.get(member).items() {
            fine &= check(&branch, &condition, out);
        }
    }
    for member in ["definitions", "dependencies"] {
        for (_, schema) in node.get(member).entries() {
            if schema.value.is_object() {
                fine &= check(&schema, &condition, out);
            }
        }
    }
    let not = node.get("not");
    if not.is_set() {
        fine &= check(&not, &condition, out);
    }
    let items = node.get("items");
    let of_items = Place {
        no_old_self: inner.no_old_self || node.text("x-kubernetes-list-type") != "map",
        ..inner
    };
    if items.value.is_object() {
        fine &= check(&items, &of_items, out);
    }
    for item in items.items() {
        fine &= check(&item, &of_items, out);
    }
    if fine && inner.rules {
        rules(node, place, out);
    }
    fine
}

/// Keywords that no schema of a server has, or only with some values.
fn plain(node: &Node<'_, '_>, place: &Place, out: &mut Faults) {
    let kind = node.get("type");
    if !kind.is_empty() && !TYPES.contains(&kind.str()) {
        out.unsupported(kind.path, kind.str(), &TYPES);
    }
    let default = node.get("default");
    if default.is_set() && place.no_defaults {
        out.forbidden(default.path, "what every object has gets no defaults");
    }
    for name in [
        "id",
        "patternProperties",
        "definitions",
        "dependencies",
        "$ref",
        "additionalItems",
    ] {
        let keyword = node.get(name);
        let is_there = match name {
            "id" | "patternProperties" | "definitions" => !keyword.is_empty(),
            _ => keyword.is_set(),
        };
        if is_there {
            out.forbidden(keyword.path, "a server has no such keyword");
        }
    }
    let items = node.get("items");
    if !items.list().is_empty() {
        out.forbidden(items.path, "it must be one schema, not a list of them");
    }
    let embedded = node.get("x-kubernetes-embedded-resource");
    if place.in_meta && embedded.bool() {
        out.forbidden(embedded.path, "what every object has holds no other object");
    }
    let unique = node.get("uniqueItems");
    if unique.bool() {
        let why = "it would take too long; x-kubernetes-list-type: set does the same";
        out.forbidden(unique.path, why);
    }
    let more = node.get("additionalProperties");
    if more.is_set() && *more.value != Value::Bool(true) && !node.get("properties").is_empty() {
        out.forbidden(more.path, "it goes with no properties");
    }
    let free = node.get("x-kubernetes-preserve-unknown-fields");
    if free.is_set() && !free.bool() {
        out.invalid(free.path, "must be true, or not there");
    }
    let map = node.get("x-kubernetes-map-type");
    if map.is_set() && kind.str() != "object" {
        out.invalid(
            kind.path,
            "must be object, where there is an x-kubernetes-map-type",
        );
    }
    out.one_of(&map, &["atomic", "granular"]);
}

/// How the items of a list are told apart.
fn lists(node: &Node<'_, '_>, out: &mut Faults) {
    let (list, keys) = (
        node.get("x-kubernetes-list-type"),
        node.get("x-kubernetes-list-map-keys"),
    );
    let (kind, items) = (node.get("type"), node.get("items"));
    if list.is_set() && kind.str() != "array" {
        out.invalid(
            kind.path,
            "must be array, where there is an x-kubernetes-list-type",
        );
    } else if list.str() == "set" && items.value.is_object() {
        let (inner, name) = match items.text("type") {
            "array" => (
                items.text("x-kubernetes-list-type"),
                "x-kubernetes-list-type",
            ),
            "object" => (items.text("x-kubernetes-map-type"), "x-kubernetes-map-type"),
            _ => ("atomic", ""),
        };
        if inner != "atomic" && !(inner.is_empty() && name == "x-kubernetes-list-type") {
            out.invalid(
                items.path.field(name),
                "must be atomic, as an item of a set",
            );
        }
    }
    out.one_of(&list, &["atomic", "map", "set"]);
    if !keys.is_empty() && list.str() != "map" {
        out.invalid(
            list.path,
            "must be map, where there are x-kubernetes-list-map-keys",
        );
    }
    if list.str() == "map" {
        map_keys(&keys, &items, out);
    }
    let nullable = items.get("nullable");
    if matches!(list.str(), "map" | "set") && nullable.bool() {
        out.forbidden(nullable.path, "the items of a set or map are never null");
    }
}

fn map_keys(keys: &Node<'_, '_>, items: &Node<'_, '_>, out: &mut Faults) {
    if keys.is_empty() {
        out.required(keys.path);
    }
    if !items.is_set() {
        out.required(items.path);
        return;
    }
    if !items.value.is_object() {
        out.invalid(items.path, "must be one schema");
        return;
    }
    let kind = items.get("type");
    if kind.str() != "object" {
        out.invalid(
            kind.path,
            "must be object, in a list whose x-kubernetes-list-type is map",
        );
    }
    let properties = items.get("properties");
    let required = items.get("required");
    let mut seen = std::collections::HashSet::new();
    for key in keys.items() {
        let name = key.str();
        if kind.str() == "object" && !seen.insert(name) {
            out.invalid(keys.path, format!("\"{name}\" must not be there twice"));
        }
        let path = properties.path.key(name);
        let Some(value) = properties.value.get(name) else {
            if kind.str() == "object" {
                out.invalid(
                    keys.path,
                    format!("\"{name}\" must be a property of the items"),
                );
            }
            continue;
        };
        let property = Node { value, path };
        let (of_key, default, nullable) = (
            property.get("type"),
            property.get("default"),
            property.get("nullable"),
        );
        if kind.str() == "object" && matches!(of_key.str(), "array" | "object") {
            out.invalid(of_key.path, "must be a plain value, to tell items apart");
        }
        if !required.list().iter().any(|known| known == name) && !default.is_set() {
            out.required_as(
                default.path,
                "items are told apart by it; or make it required",
            );
        }
        if nullable.bool() {
            out.forbidden(nullable.path, "items are told apart by it");
        }
    }
}

/// What stands beside rules, and that there are any.
fn texts_of_rules(node: &Node<'_, '_>, out: &mut Faults) {
    let breaks = ['\n', '\r'];
    for rule in node.get("x-kubernetes-validations").items() {
        let (text, message) = (rule.get("rule"), rule.get("message"));
        if text.str().trim().is_empty() {
            out.required(text.path);
        } else if !message.is_empty() && message.str().trim().is_empty() {
            out.invalid(message.path, "must not be blank");
        } else if message.str().trim().contains(breaks) {
            out.invalid(message.path, "must be one line");
        } else if text.str().trim().contains(breaks) && message.is_empty() {
            out.required_as(message.path, "the rule has several lines");
        }
        let expression = rule.get("messageExpression");
        if !expression.is_empty() && expression.str().trim().is_empty() {
            out.required(expression.path);
        }
        let reason = rule.get("reason");
        if reason.is_set() {
            out.one_of(&reason, &REASONS);
        }
        let path = rule.get("fieldPath");
        if path.str().contains(breaks) {
            out.invalid(path.path, "must be one line");
        }
        if !path.is_empty() && field_path::find(path.str(), node.value, true).is_none() {
            let message = format!("\"{}\" must lead to a field of this schema", path.str());
            out.invalid(path.path, message);
        }
    }
}

/// Rules of a schema in which all else is fine.
fn rules(node: &Node<'_, '_>, place: &Place, out: &mut Faults) {
    let all = node.get("x-kubernetes-validations");
    if all.is_empty() {
        return;
    }
    if node.text("type").is_empty() && !node.flag("x-kubernetes-int-or-string") {
        out.invalid(all.path, "need a schema with a type");
        return;
    }
    // A rule at the root sees what every object has.
    let root = place.is_root.then(|| {
        let mut root = node.value.clone();
        if let Value::Object(root) = &mut root {
            root.insert("x-kubernetes-embedded-resource", true.into());
        }
        root
    });
    let schema = root.as_ref().unwrap_or(node.value);
    for rule in all.items() {
        let (text, optional) = (rule.get("rule"), rule.get("optionalOldSelf"));
        let Some(old) = expression::rule(&text, schema, optional.bool(), out) else {
            continue;
        };
        if old && place.no_old_self {
            let message =
                "must not use oldSelf where old and new values cannot be told to belong together";
            out.invalid(text.path, message);
        }
        if !old && optional.is_set() {
            out.invalid(optional.path, "is only for a rule that uses oldSelf");
        }
        let message = rule.get("messageExpression");
        if !message.is_empty() {
            expression::text(&message, schema, optional.bool(), out);
        }
    }
}
