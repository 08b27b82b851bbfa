//! Ports of ExternalName Services that take over too much.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use crate::protocol;
use kube_vocab::Severity;
use stack_model::{Protocol, ServiceType};

pub(super) const CHECK: Check = Check {
    code: "external-name-port",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A port of an ExternalName Service takes over all traffic of its number",
    explanation: "Istio takes a port without a protocol for TCP. For an ExternalName Service, which has no address \
        of its own, that catches every connection to this port number of the mesh.",
    remedy: "name the port after its protocol (`http`, `https-web`), or set `appProtocol`",
    silent: "Namespaces outside a mesh.",
    failing: include_str!("../../fixtures/external-name-port/failing.yaml"),
    passing: include_str!("../../fixtures/external-name-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        let plane = mesh::namespace_plane(context.model, service.namespace());
        if service.service_type() != ServiceType::ExternalName || plane != DataPlane::Sidecar {
            continue;
        }
        for (number, port) in service.ports().enumerate() {
            let spoken = protocol::of(&port);
            if port.protocol == Protocol::Tcp && matches!(spoken, None | Some("tcp")) {
                let message = format!("port {} does not say what it speaks", port.port);
                sink.report(
                    service.entry(),
                    path(&format!("spec.ports[{number}].name")),
                    message,
                );
            }
        }
    }
}
