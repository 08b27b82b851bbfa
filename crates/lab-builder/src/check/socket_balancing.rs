use stack_builder::{Finding, Subject};

use super::mesh::Mesh;
use super::{error, of_cilium};
use crate::model::Whole;

/// A socket that Cilium balances inside a pod is connected past ztunnel: the traffic would go without mTLS.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let in_mesh = Mesh::of(whole).is_some_and(|mesh| mesh.has_any());
    let balances = of_cilium(whole, "kubeProxyReplacement", "kube-proxy-replacement");
    if !in_mesh || balances != Some(true) {
        return;
    }
    let host_only = of_cilium(
        whole,
        "socketLB.hostNamespaceOnly",
        "bpf-lb-sock-hostns-only",
    );
    if host_only != Some(true) {
        findings.push(error(
            "socket-balancing",
            Subject::Release("cilium".into()),
            "socketLB.hostNamespaceOnly",
            "traffic of pods in the mesh goes around ztunnel",
            "set it to true",
        ));
    }
}
