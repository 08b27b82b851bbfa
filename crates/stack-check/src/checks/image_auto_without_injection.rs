//! Pods whose proxy is to be filled in, and nobody does it.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "image-auto-without-injection",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A pod leaves its proxy's image to Istio, which does not inject it",
    explanation: "`image: auto` is a word for Istio's injector, which puts the proxy's image in its place. Where neither the \
        namespace nor the pod asks for injection it stays, and the kubelet looks for an image called `auto`.",
    remedy: "label the namespace `istio-injection: enabled`, or the pods `sidecar.istio.io/inject: \"true\"`",
    silent: "Pods in a namespace that the input does not declare and that do not say it themselves; pods of ambient mode, which \
        an injector may serve all the same.",
    failing: include_str!("../../fixtures/image-auto-without-injection/failing.yaml"),
    passing: include_str!("../../fixtures/image-auto-without-injection/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        for container in workload.containers() {
            if container.image() == "auto"
                && mesh::data_plane(context.model, &workload) == DataPlane::Outside
            {
                sink.report(
                    workload.template_entry(),
                    container.path().field("image"),
                    "no injector fills it in: neither the namespace nor the pod asks for one",
                );
            }
        }
    }
}
