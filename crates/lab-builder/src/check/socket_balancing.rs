use k8s_openapi::api::core::v1::Namespace;

use super::{Finding, Severity};
use crate::bundle::Bundle;

/// A socket that Cilium balances inside a pod is connected past ztunnel: the traffic would go without mTLS.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let (mode, ambient) = istio_types::labels::DataplaneMode::Ambient.label();
    let in_mesh = |namespace: &Namespace| {
        namespace
            .metadata
            .labels
            .as_ref()
            .and_then(|labels| labels.get(mode))
            .is_some_and(|value| value == ambient)
    };
    if bundle.release_value("cilium", "kubeProxyReplacement") != Some(&true.into())
        || !bundle.objects_of::<Namespace>().any(in_mesh)
    {
        return;
    }
    if bundle.release_value("cilium", "socketLB.hostNamespaceOnly") != Some(&true.into()) {
        findings.push(Finding {
            severity: Severity::Error,
            check: "socket-balancing",
            subject: "release cilium".into(),
            path: "socketLB.hostNamespaceOnly".into(),
            message: "traffic of pods in the mesh goes around ztunnel".into(),
            remedy: "set it to true".into(),
        });
    }
}
