use std::collections::BTreeSet;

use istio_types::security::v1::{MutualTlsMode, PeerAuthentication, PeerAuthenticationSpec};
use k8s_openapi::api::core::v1::Namespace;
use stack_builder::{Bundle, Finding, Subject};

use super::error;
use crate::wiring::Wiring;

/// Callers from outside have no identity: where the mesh is strict, the gateway's ports must take plain text.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(Wiring { gateway, mesh, .. }) = bundle.wiring() else {
        return;
    };
    let mode_label = istio_types::labels::DATAPLANE_MODE;
    let in_mesh = bundle.objects_of::<Namespace>().any(|namespace| {
        let labels = namespace.metadata.labels.as_ref();
        namespace.metadata.name.as_ref() == Some(&gateway.namespace)
            && labels.is_some_and(|labels| labels.contains_key(mode_label))
    });
    let strict_spec = |spec: &PeerAuthenticationSpec| {
        spec.selector.is_none()
            && spec.mtls.as_ref().and_then(|mtls| mtls.mode) == Some(MutualTlsMode::Strict)
    };
    let mut strict = false;
    let mut permitted: BTreeSet<u16> = BTreeSet::new();
    for policy in bundle.objects_of::<PeerAuthentication>() {
        let (namespace, Some(spec)) = (&policy.metadata.namespace, &policy.spec) else {
            continue;
        };
        strict |= namespace.as_ref() == Some(&mesh.root_namespace) && strict_spec(spec);
        // In the root namespace a policy with a selector is ignored.
        if namespace.as_ref() == Some(&gateway.namespace) && spec.selector.is_some() {
            let permissive = spec
                .port_level_mtls
                .iter()
                .filter(|(_, mtls)| mtls.mode == Some(MutualTlsMode::Permissive));
            permitted.extend(permissive.map(|(port, _)| *port));
        }
    }
    let refused: Vec<String> = [gateway.http.container, gateway.https.container]
        .into_iter()
        .filter(|port| !permitted.contains(port))
        .map(|port| format!("portLevelMtls[{port}]"))
        .collect();
    if in_mesh && strict && !refused.is_empty() {
        findings.push(error(
            "external-plain-text",
            Subject::Stack,
            "",
            format!(
                "the mesh is STRICT, and no PeerAuthentication in {} has spec.{}: nobody outside reaches the gateway",
                gateway.namespace,
                refused.join(", ")
            ),
            "set the mode to PERMISSIVE in a policy that selects the gateway's pods",
        ));
    }
}
