use super::{Finding, Severity};
use crate::bundle::Bundle;

/// Istio's CNI is chained to Cilium's, so Cilium must not take the CNI configuration for itself.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    if bundle.release("cilium").is_none() || bundle.release("istio-cni").is_none() {
        return;
    }
    if bundle.release_value("cilium", "cni.exclusive") != Some(&false.into()) {
        findings.push(Finding {
            severity: Severity::Error,
            check: "cni-chaining",
            subject: "release cilium".into(),
            path: "cni.exclusive".into(),
            message: "Cilium removes the configuration by which Istio's CNI is chained to it"
                .into(),
            remedy: "set it to false".into(),
        });
    }
}
