//! Classes of pods: how urgent they are, and what runs them.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::pod;

/// What users may give; what is above belongs to the system.
const HIGHEST: i64 = 1_000_000_000;

pub(in super::super) fn priority(object: &Node<'_, '_>, out: &mut Faults) {
    let metadata = object.get("metadata");
    let name = metadata.get("name");
    let value = object.get("value");
    let of_system = [
        ("system-node-critical", 2_000_001_000),
        ("system-cluster-critical", 2_000_000_000),
    ];
    if name.str().starts_with("system-") {
        let known = of_system
            .iter()
            .any(|(known, number)| *known == name.str() && value.int() == *number)
            && !object.flag("globalDefault");
        if !known {
            out.forbidden(
                metadata.path.field("name"),
                "the prefix system- belongs to the system",
            );
        }
    } else if value.int() > HIGHEST {
        out.forbidden(
            value.path,
            "the highest value of a user's own is 1000000000",
        );
    }
    out.one_of(
        &object.get("preemptionPolicy"),
        &["PreemptLowerPriority", "Never"],
    );
}

pub(in super::super) fn runtime(object: &Node<'_, '_>, out: &mut Faults) {
    let handler = object.get("handler");
    if handler.str().is_empty() {
        out.required(handler.path);
    } else {
        out.named(&handler, names::dns_label);
    }
    let overhead = object.get("overhead");
    let fixed = Node {
        value: overhead.at(&["podFixed"]),
        path: overhead.path,
    };
    pod::resources::overhead(&fixed, out);
    let scheduling = object.get("scheduling");
    labels::labels(&scheduling.get("nodeSelector"), out);
    let tolerations = scheduling.get("tolerations");
    pod::tolerations(&tolerations, out);
    let mut seen = HashSet::new();
    for toleration in tolerations.items() {
        let said = ["key", "operator", "value", "effect"].map(|name| toleration.text(name));
        if !seen.insert(said) {
            out.duplicate(toleration.path, said.join(" ").trim());
        }
    }
}
