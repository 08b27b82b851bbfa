//! Questions to the server, and the placing of a pod.

use super::super::faults::Faults;
use super::super::node::Node;

/// Whether somebody else may do something.
pub(in super::super) fn access(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    attributes(&spec, out);
    if spec.text("user").is_empty() && spec.get("groups").is_empty() {
        out.invalid(spec.path.field("user"), "must have one of: user, groups");
    }
}

/// Whether the one who asks may do something.
pub(in super::super) fn own_access(object: &Node<'_, '_>, out: &mut Faults) {
    attributes(&object.get("spec"), out);
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
}

/// Whose token it is.
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
