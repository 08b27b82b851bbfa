use istio_types::security::v1::{MutualTlsMode, PeerAuthentication, PeerAuthenticationSpec};
use k8s_openapi::api::core::v1::Namespace;

use super::{Finding, Severity};
use crate::bundle::Bundle;

/// Callers from outside have no identity: where the mesh is strict, the gateway's ports must take plain text.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let wiring = bundle.wiring();
    let (gateway, root) = (&wiring.gateway, &wiring.mesh.root_namespace);
    let mode_label = istio_types::labels::DATAPLANE_MODE;
    let in_mesh = bundle.objects_of::<Namespace>().any(|namespace| {
        namespace.metadata.name.as_ref() == Some(&gateway.namespace)
            && namespace
                .metadata
                .labels
                .as_ref()
                .is_some_and(|labels| labels.contains_key(mode_label))
    });
    let policies = || bundle.objects_of::<PeerAuthentication>();
    let strict_spec = |spec: &PeerAuthenticationSpec| {
        spec.selector.is_none()
            && spec.mtls.as_ref().and_then(|mtls| mtls.mode) == Some(MutualTlsMode::Strict)
    };
    let strict = policies().any(|policy| {
        policy.metadata.namespace.as_ref() == Some(root)
            && policy.spec.as_ref().is_some_and(strict_spec)
    });
    if !in_mesh || !strict {
        return;
    }
    let permitted = |port: u16| {
        policies().any(|policy| {
            // In the root namespace a policy with a selector is ignored.
            policy.metadata.namespace.as_ref() == Some(&gateway.namespace)
                && policy.spec.as_ref().is_some_and(|spec| {
                    let mode = spec.port_level_mtls.get(&port).and_then(|mtls| mtls.mode);
                    spec.selector.is_some() && mode == Some(MutualTlsMode::Permissive)
                })
        })
    };
    let refused: Vec<String> = [gateway.http.container, gateway.https.container]
        .into_iter()
        .filter(|port| !permitted(*port))
        .map(|port| format!("portLevelMtls[{port}]"))
        .collect();
    if !refused.is_empty() {
        findings.push(Finding {
            severity: Severity::Error,
            check: "external-plain-text",
            subject: format!("PeerAuthentication in {}", gateway.namespace),
            path: format!("spec.{}", refused.join(", ")),
            message: "the mesh is STRICT, so nobody outside reaches the gateway".into(),
            remedy: "set the mode to PERMISSIVE in a policy that selects the gateway's pods".into(),
        });
    }
}
