//! PodDisruptionBudgets.

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::text;

pub(in super::super) fn budget(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let (least, most) = (spec.get("minAvailable"), spec.get("maxUnavailable"));
    if least.is_set() && most.is_set() {
        out.invalid(
            spec.path,
            "must have only one of: minAvailable, maxUnavailable",
        );
    }
    for node in [&least, &most] {
        if node.is_set() {
            text::count_or_percent(node, out);
            if text::percent(node.value).is_some_and(|percent| percent > 100) {
                out.invalid(node.path, format!("{} must be at most 100%", node.value));
            }
        }
    }
    labels::selector(&spec.get("selector"), out);
    out.one_of(
        &spec.get("unhealthyPodEvictionPolicy"),
        &["AlwaysAllow", "IfHealthyBudget"],
    );
}
