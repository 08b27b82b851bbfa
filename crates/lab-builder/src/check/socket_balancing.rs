use k8s_openapi::api::core::v1::Namespace;
use stack_builder::{Bundle, Finding, Subject};

use super::{error, release_value};

/// A socket that Cilium balances inside a pod is connected past ztunnel: the traffic would go without mTLS.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let (mode, ambient) = istio_types::labels::DataplaneMode::Ambient.label();
    let in_mesh = bundle.objects_of::<Namespace>().any(|namespace| {
        let labels = namespace.metadata.labels.as_ref();
        labels
            .and_then(|labels| labels.get(mode))
            .map(String::as_str)
            == Some(ambient)
    });
    if !in_mesh || release_value(bundle, "cilium", "kubeProxyReplacement") != Some(&true.into()) {
        return;
    }
    if release_value(bundle, "cilium", "socketLB.hostNamespaceOnly") != Some(&true.into()) {
        findings.push(error(
            "socket-balancing",
            Subject::Release("cilium".into()),
            "socketLB.hostNamespaceOnly",
            "traffic of pods in the mesh goes around ztunnel",
            "set it to true",
        ));
    }
}
