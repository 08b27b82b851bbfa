//! PersistentVolumeClaims, and the claims inside other objects.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::access_modes;

pub(in super::super) fn claim(object: &Node<'_, '_>, out: &mut Faults) {
    spec(&object.get("spec"), out);
}

/// Access modes, size, class and source of a claim, or of a template for one.
pub(in super::super) fn spec(node: &Node<'_, '_>, out: &mut Faults) {
    let modes = node.get("accessModes");
    if modes.is_empty() {
        out.required_as(modes.path, "a mode at least");
    }
    access_modes(&modes, out);
    labels::selector(&node.get("selector"), out);
    let resources = node.get("resources");
    let asked = resources.path.key("storage");
    match super::super::node::quantity(node.at(&["resources", "requests", "storage"])) {
        None => out.required_as(asked, "how much storage, in resources.requests.storage"),
        Some(size) if size.is_negative() || size.is_zero() => {
            out.invalid(asked, format!("{size} must be more than 0"));
        }
        Some(_) => {}
    }
    let class = node.get("storageClassName");
    if !class.is_empty() {
        out.named(&class, names::dns_subdomain);
    }
    out.one_of(&node.get("volumeMode"), &["Block", "Filesystem"]);
    let (source, reference) = (node.get("dataSource"), node.get("dataSourceRef"));
    for from in [&source, &reference] {
        if from.is_set() {
            data_source(from, out);
        }
    }
    let namespace = reference.get("namespace");
    if !namespace.is_empty() {
        out.named(&namespace, names::dns_label);
        if source.is_set() {
            out.invalid(
                node.path,
                "must have only one of dataSource and a dataSourceRef with a namespace",
            );
        }
    } else if source.is_set() && reference.is_set() && !is_same(&source, &reference) {
        out.invalid(node.path, "dataSource and dataSourceRef must say the same");
    }
    let attributes = node.get("volumeAttributesClassName");
    if !attributes.is_empty() {
        out.named(&attributes, names::dns_subdomain);
    }
}

/// Whether both name the same object; a namespace that is empty says nothing.
fn is_same(source: &Node<'_, '_>, reference: &Node<'_, '_>) -> bool {
    ["apiGroup", "kind", "name"]
        .iter()
        .all(|name| source.text(name) == reference.text(name))
        && source.has("apiGroup") == reference.has("apiGroup")
}

fn data_source(node: &Node<'_, '_>, out: &mut Faults) {
    out.required_text(&node.get("name"));
    out.required_text(&node.get("kind"));
    let group = node.get("apiGroup");
    if group.is_empty() {
        if node.text("kind") != "PersistentVolumeClaim" {
            out.invalid(
                node.path,
                "must be a PersistentVolumeClaim where apiGroup is not set",
            );
        }
    } else {
        out.named(&group, names::dns_subdomain);
    }
}

/// The metadata of a claim that a pod brings: labels and annotations alone.
pub(in super::super) fn template_metadata(node: &Node<'_, '_>, out: &mut Faults) {
    labels::labels(&node.get("labels"), out);
    labels::annotations(&node.get("annotations"), out);
    for (name, value) in node.map().into_iter().flatten() {
        // An empty member says nothing to a server, but for a number of seconds, which is there or not.
        let zero = value.as_i64() == Some(0) && name != "deletionGracePeriodSeconds";
        let said = !zero
            && !Node {
                value,
                path: node.path,
            }
            .is_empty();
        if said && !matches!(name.as_str(), "labels" | "annotations") {
            // The server makes the first letter of its own name small.
            let called = if name == "uid" { "uID" } else { name };
            out.forbidden(
                node.path.field(called),
                "such a claim has labels and annotations alone",
            );
        }
    }
}
