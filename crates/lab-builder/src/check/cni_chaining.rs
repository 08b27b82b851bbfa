use stack_builder::{Finding, Subject};

use super::{error, of_cilium};
use crate::model::Whole;

/// Istio's CNI is chained to Cilium's, so Cilium must not take the CNI configuration for itself.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    if bundle.release("cilium").is_none() || bundle.release("istio-cni").is_none() {
        return;
    }
    if of_cilium(whole, "cni.exclusive", "cni-exclusive") != Some(false) {
        findings.push(error(
            "cni-chaining",
            Subject::Release("cilium".into()),
            "cni.exclusive",
            "Cilium removes the configuration by which Istio's CNI is chained to it",
            "set it to false",
        ));
    }
}
