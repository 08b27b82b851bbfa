//! What cannot work beside the rest of the stack.

use stack_builder::{Bundle, Finding, Object, Provided, Severity};

use super::Linkerd;
use crate::home::ENFORCE;
use crate::provide;
use crate::surroundings::Surroundings;

const CONTROL_PLANE: &str = "linkerd-control-plane";
const GATEWAY_API: &str = "gateway.networking.k8s.io";

pub(super) fn of(linkerd: &Linkerd) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
    let (has_cni, brings, replicas) =
        (linkerd.cni.is_some(), linkerd.gateway_api, linkerd.replicas);
    move |bundle, findings| {
        let surroundings = Surroundings::of(bundle);
        let mut add = |release: &str, code, severity, path: &str, message: String, remedy: &str| {
            findings.push(provide::finding(
                release, code, severity, path, message, remedy,
            ));
        };
        if has_cni && surroundings.cilium_is_exclusive() {
            let message = "Cilium takes the configuration of other CNI plugins away: no traffic goes through sidecars";
            let remedy = "set cni.exclusive to false for Cilium";
            let code = "cni-removed-by-cilium";
            add(
                "linkerd-cni",
                code,
                Severity::Error,
                "destCNINetDir",
                message.into(),
                remedy,
            );
        }
        if surroundings.cilium_balances_pod_sockets() {
            let message = "Cilium connects the sockets of pods to backends, so that sidecars never see a Service's address: \
                           no balancing, no policies for requests";
            let remedy = "set socketLB.hostNamespaceOnly for Cilium";
            let code = "service-addresses-hidden";
            add(
                CONTROL_PLANE,
                code,
                Severity::Error,
                "proxy",
                message.into(),
                remedy,
            );
        }
        let is = |one: &Provided| matches!(one, Provided::ApiGroup(group) if group == GATEWAY_API);
        let parts = bundle.parts().iter();
        let brought = parts.filter(|part| part.provided().iter().any(is)).count();
        if !brings && brought == 0 {
            let message = "no component brings the Gateway API, without which the policy controller does not start";
            let remedy = "set gateway_api, or install its definitions before";
            let code = "gateway-api-missing";
            add(
                "linkerd-crds",
                code,
                Severity::Warning,
                "installGatewayAPI",
                message.into(),
                remedy,
            );
        }
        if brings && brought > 1 {
            let message = "another component brings the definitions of the Gateway API, too";
            let remedy = "leave gateway_api off";
            let code = "gateway-api-twice";
            add(
                "linkerd-crds",
                code,
                Severity::Error,
                "installGatewayAPI",
                message.into(),
                remedy,
            );
        }
        if let Some(nodes) = bundle.nodes().filter(|nodes| nodes.workers < replicas) {
            let message = format!(
                "{replicas} pods of each part stand on different nodes, and there are {} workers",
                nodes.workers
            );
            let remedy = "lower replicas, or add nodes";
            let code = "too-few-nodes";
            add(
                CONTROL_PLANE,
                code,
                Severity::Error,
                "controllerReplicas",
                message,
                remedy,
            );
        }
        for namespace in bundle.of_kind("", "Namespace") {
            judge(namespace, has_cni, findings);
        }
    }
}

/// A namespace whose pods get a sidecar.
fn judge(namespace: &Object, has_cni: bool, findings: &mut Vec<Finding>) {
    let metadata = &namespace.value()["metadata"];
    if !matches!(
        metadata["annotations"]["linkerd.io/inject"].as_str(),
        Some("enabled" | "ingress")
    ) {
        return;
    }
    let labels = &metadata["labels"];
    let mut add = |code, path: String, message: String, remedy: &str| {
        let id = namespace.id().clone();
        let finding = Finding::new(code, Severity::Error, id, message);
        findings.push(finding.at(path).remedy(remedy));
    };
    let enforced = labels[ENFORCE].as_str();
    if let Some(level) = enforced.filter(|level| *level != "privileged" && !has_cni) {
        add(
            "sidecar-needs-rights",
            format!("metadata.labels[{ENFORCE}]"),
            format!(
                "without the CNI plugin each pod of the mesh changes its network, which the level {level} forbids"
            ),
            "give Linkerd its CNI plugin",
        );
    }
    for (key, value) in [
        ("istio-injection", "enabled"),
        ("istio.io/dataplane-mode", "ambient"),
    ] {
        if labels[key] == value {
            add(
                "two-meshes",
                format!("metadata.labels[{key}]"),
                "its pods are in the mesh of Istio and in that of Linkerd: both lead the same traffic away".into(),
                "keep each namespace in one mesh",
            );
        }
    }
}
