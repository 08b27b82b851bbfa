use stack_builder::{Finding, Subject};

use super::error;
use super::mesh::Mesh;
use crate::ids::KONG;
use crate::model::Whole;
use crate::wiring::{GatewayWiring, PublishedPort, Wiring};

/// Callers from outside have no identity: where the mesh is strict, the gateway's ports must take plain text.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let Some(Wiring { gateway, .. }) = whole.bundle.wiring() else {
        return;
    };
    let Some(mesh) = Mesh::of(whole) else {
        return;
    };
    let refused: Vec<String> = [gateway.http, gateway.https]
        .into_iter()
        .filter_map(|port| refused(whole, &mesh, gateway, port))
        .map(|port| format!("portLevelMtls[{port}]"))
        .collect();
    if !refused.is_empty() {
        findings.push(error(
            "external-plain-text",
            Subject::Stack,
            "",
            format!(
                "the mesh is STRICT, and no PeerAuthentication in {} that selects the gateway's pods has spec.{}: nobody \
                 outside reaches the gateway",
                gateway.namespace,
                refused.join(", ")
            ),
            "set the mode to PERMISSIVE in a policy that selects the gateway's pods",
        ));
    }
}

/// The container port behind a published port at which the gateway's pods refuse callers from outside.
fn refused(
    whole: &Whole<'_>,
    mesh: &Mesh<'_>,
    gateway: &GatewayWiring,
    published: PublishedPort,
) -> Option<u16> {
    let mode = istio_types::labels::DATAPLANE_MODE;
    let namespace = gateway.namespace.as_str();
    let service = whole.model.service(namespace, &gateway.proxy_service);
    let mut behind = service.iter().flat_map(|service| {
        let port = service.ports().find(|port| port.port == published.service);
        service
            .workloads()
            .filter_map(move |pods| Some((pods, port?.target_on(&pods)?)))
    });
    // Without the chart's objects, what the lab knows of them.
    let Some((pods, port)) = behind.next() else {
        let labels = &gateway.pod_labels;
        let of_pod = labels.get(mode).map(String::as_str);
        let port = in_values(whole, gateway, published);
        let strict = mesh.has(namespace, of_pod) && mesh.is_strict(namespace, labels, port);
        return strict.then_some(port);
    };
    let labels = pods.labels();
    let strict = mesh.has(namespace, labels.get(mode)) && mesh.is_strict(namespace, &labels, port);
    strict.then_some(port)
}

/// Where the values of Kong's chart let the gateway listen; the wiring's port where they do not say.
fn in_values(whole: &Whole<'_>, gateway: &GatewayWiring, published: PublishedPort) -> u16 {
    let listener = if published == gateway.http {
        "http"
    } else {
        "tls"
    };
    let pointer = format!("/gateway/proxy/{listener}/containerPort");
    let kong = whole.bundle.release(KONG);
    let written = kong.map(|release| release.number(&pointer, published.container.into()));
    written
        .and_then(|port| u16::try_from(port).ok())
        .unwrap_or(published.container)
}
