//! Questions to the server, and the placing of a pod.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;

/// Whether somebody else may do something.
pub(in super::super) fn access(object: &Node<'_, '_>, out: &mut Faults) {
    somebody(object, out);
    nameless(object, out);
}

/// Whether somebody else may do something in a namespace.
pub(in super::super) fn local_access(object: &Node<'_, '_>, out: &mut Faults) {
    somebody(object, out);
    nameless(object, out);
    let spec = object.get("spec");
    let (resource, other) = (
        spec.get("resourceAttributes"),
        spec.get("nonResourceAttributes"),
    );
    let metadata = object.get("metadata");
    let own = match metadata.text("namespace") {
        "" => "default",
        own => own,
    };
    if resource.is_set() && resource.text("namespace") != own {
        out.invalid(
            resource.get("namespace").path,
            format!("must be the namespace of the question, \"{own}\""),
        );
    }
    if other.is_set() {
        out.invalid(other.path, "is not for a question about a namespace");
    }
}

fn somebody(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    attributes(&spec, out);
    if spec.text("user").is_empty() && spec.get("groups").is_empty() {
        out.invalid(spec.path.field("user"), "must have one of: user, groups");
    }
}

/// Whether the one who asks may do something.
pub(in super::super) fn own_access(object: &Node<'_, '_>, out: &mut Faults) {
    attributes(&object.get("spec"), out);
    nameless(object, out);
}

/// Reports metadata: a question has none. Of a namespace, the server takes its own or none.
fn nameless(object: &Node<'_, '_>, out: &mut Faults) {
    let metadata = object.get("metadata");
    let given = |(name, value): (&str, Node<'_, '_>)| {
        !["managedFields", "namespace"].contains(&name) && !value.is_empty() && *value.value != 0
    };
    if metadata.entries().any(given) {
        out.invalid(metadata.path, "must be empty: a question is not kept");
    }
}

fn attributes(spec: &Node<'_, '_>, out: &mut Faults) {
    let (resource, other) = (
        spec.get("resourceAttributes"),
        spec.get("nonResourceAttributes"),
    );
    let what = "resourceAttributes, nonResourceAttributes";
    match (resource.is_set(), other.is_set()) {
        (true, true) => out.invalid(other.path, format!("must have only one of: {what}")),
        (false, false) => out.invalid(resource.path, format!("must have one of: {what}")),
        _ => {}
    }
    selected(&resource.get("fieldSelector"), false, out);
    selected(&resource.get("labelSelector"), true, out);
}

/// A selector, as a text or as requirements. Operators that a server does not know are left to who answers.
fn selected(selector: &Node<'_, '_>, of_labels: bool, out: &mut Faults) {
    if !selector.is_set() {
        return;
    }
    let (raw, requirements) = (selector.get("rawSelector"), selector.get("requirements"));
    match (raw.is_empty(), requirements.is_empty()) {
        (false, false) => out.invalid(raw.path, "must not be there together with requirements"),
        (true, true) => out.required_as(requirements.path, "or rawSelector"),
        _ => {}
    }
    for requirement in requirements.items() {
        let (key, values) = (requirement.get("key"), requirement.get("values"));
        match requirement.text("operator") {
            "In" | "NotIn" if values.is_empty() => {
                out.required_as(values.path, "a value at least, for In and NotIn");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                out.forbidden(values.path, "Exists and DoesNotExist take no values");
            }
            _ => {}
        }
        if of_labels {
            out.named(&key, names::qualified_name);
            for value in values.items() {
                out.named(&value, names::label_value);
            }
        } else {
            out.required_text(&key);
        }
    }
}

/// A TokenReview: the token must be there.
pub(in super::super) fn token(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    out.required_text(&spec.get("token"));
}

/// A pod that is given to a node.
pub(in super::super) fn binding(object: &Node<'_, '_>, out: &mut Faults) {
    let target = object.get("target");
    let kind = target.get("kind");
    if !kind.is_empty() {
        out.one_of(&kind, &["Node"]);
    }
    out.required_text(&target.get("name"));
}
