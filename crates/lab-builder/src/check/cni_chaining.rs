use stack_builder::{Bundle, Finding, Subject};

use super::{error, release_value};

/// Istio's CNI is chained to Cilium's, so Cilium must not take the CNI configuration for itself.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    if bundle.release("cilium").is_none() || bundle.release("istio-cni").is_none() {
        return;
    }
    if release_value(bundle, "cilium", "cni.exclusive") != Some(&false.into()) {
        findings.push(error(
            "cni-chaining",
            Subject::Release("cilium".into()),
            "cni.exclusive",
            "Cilium removes the configuration by which Istio's CNI is chained to it",
            "set it to false",
        ));
    }
}
