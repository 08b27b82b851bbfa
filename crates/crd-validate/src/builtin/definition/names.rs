//! What a kind is called.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;

pub(super) fn check(node: &Node<'_, '_>, out: &mut Faults) {
    for member in ["plural", "singular", "kind", "listKind"] {
        let name = node.get(member);
        if name.str().is_empty() {
            out.required(name.path);
            continue;
        }
        if matches!(member, "kind" | "listKind") {
            out.name(name.path, &name.str().to_lowercase(), names::dns_1035_label);
        } else {
            out.named(&name, names::dns_1035_label);
        }
    }
    for list in ["shortNames", "categories"] {
        for name in node.get(list).items() {
            out.named(&name, names::dns_1035_label);
        }
    }
    let (kind, list) = (node.get("kind"), node.get("listKind"));
    if !kind.is_empty() && kind.str() == list.str() {
        out.invalid(list.path, "must not be the kind itself");
    }
}
