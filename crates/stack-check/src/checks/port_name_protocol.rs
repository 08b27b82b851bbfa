//! Ports in a mesh that do not say what they speak.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use crate::protocol;
use kube_vocab::Severity;
use stack_model::Protocol;

pub(super) const CHECK: Check = Check {
    code: "port-name-protocol",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A port in the mesh does not say what it speaks",
    explanation: "Istio has to find out by looking at the first bytes. Protocols in which the server speaks first \
        wait for a timeout, and policies on requests apply only if it guesses right.",
    remedy: "name the port after its protocol (`http-web`), or set `appProtocol`",
    silent: "Services outside a mesh with sidecars.",
    failing: include_str!("../../fixtures/port-name-protocol/failing.yaml"),
    passing: include_str!("../../fixtures/port-name-protocol/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        if mesh::namespace_plane(context.model, service.namespace()) != DataPlane::Sidecar {
            continue;
        }
        for (number, port) in service.ports().enumerate() {
            if port.protocol == Protocol::Tcp
                && port.app_protocol.is_none()
                && protocol::of(&port).is_none()
            {
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
