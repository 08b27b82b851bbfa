//! Containers that run as the user of the proxy.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::at;
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use kube_vocab::Severity;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "mesh-user-id",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A container runs as the user of the mesh proxy",
    explanation: "Traffic of user 1337 is taken for that of the sidecar and is not sent through it: the container \
        is outside the mesh, and all its policies.",
    remedy: "run it as another user",
    silent: "Pods that are not in a mesh with sidecars.",
    failing: include_str!("../../fixtures/mesh-user-id/failing.yaml"),
    passing: include_str!("../../fixtures/mesh-user-id/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        let of_pod = workload
            .pod_spec()
            .and_then(|spec| at(spec, "securityContext.runAsUser"));
        for container in workload.containers() {
            let user = at(container.value(), "securityContext.runAsUser").or(of_pod);
            if user.and_then(Value::as_u64) == Some(1337)
                && container.name() != "istio-proxy"
                && mesh::data_plane(context.model, &workload) == DataPlane::Sidecar
            {
                let place = path(&container.path().to_string())
                    .field("securityContext")
                    .field("runAsUser");
                sink.report(
                    workload.template_entry(),
                    place,
                    format!("container {} runs as user 1337", container.name()),
                );
            }
        }
    }
}
