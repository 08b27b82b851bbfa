//! Whether defaults fit the schemas that they stand in.

use kube_vocab::Path;

use super::super::faults::Faults;
use super::super::node::Node;
use crate::cel::{self, Pair, Verdict};
use crate::schema::{self, Schema};

/// Judges the defaults of a structural schema. Those below `additionalProperties` a server does not look at.
pub(super) fn check(root: &Node<'_, '_>, out: &mut Faults) {
    below(root, true, out);
}

fn below(node: &Node<'_, '_>, of_object: bool, out: &mut Faults) {
    let default = node.get("default");
    if default.is_set() {
        fits(&default, node, out);
    }
    let items = node.get("items");
    if items.is_set() {
        below(&items, false, out);
    }
    for (name, property) in node.get("properties").entries() {
        // Defaults of metadata make sense only in an object around them.
        if of_object && matches!(name, "metadata" | "kind" | "apiVersion") {
            continue;
        }
        below(
            &property,
            property.flag("x-kubernetes-embedded-resource"),
            out,
        );
    }
}

fn fits(default: &Node<'_, '_>, node: &Node<'_, '_>, out: &mut Faults) {
    // What cannot be compiled is told elsewhere.
    let Ok(compiled) = Schema::compile(node.value) else {
        return;
    };
    let mut pruned = default.value.clone();
    let mut unknown = false;
    schema::prune_unknown(&mut pruned, &compiled, &Path::ROOT, &mut |_| unknown = true);
    if unknown {
        out.invalid(
            default.path,
            "must not have fields that the schema does not have",
        );
    }
    let before = out.found.len();
    schema::check(
        default.value,
        None,
        &compiled,
        &default.path,
        &mut out.found,
    );
    if out.found.len() > before || !compiled.has_rules {
        return;
    }
    let mut verdict = Verdict::default();
    let pair = Pair::new(default.value, None, &compiled);
    cel::check_rules(pair, &compiled, &compiled, &default.path, &mut verdict);
    out.found.append(&mut verdict.findings);
    out.notes.append(&mut verdict.notes);
}
