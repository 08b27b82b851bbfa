//! Images whose content changes under the same name.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "floating-image",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "An image changes under the same name",
    explanation: "Without a tag, or with `latest`, the same manifest runs another program tomorrow, and two pods \
        of one workload may run different ones.",
    remedy: "write a version, or a digest",
    silent: "Images that a higher tool fills in.",
    failing: include_str!("../../fixtures/floating-image/failing.yaml"),
    passing: include_str!("../../fixtures/floating-image/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.written_workloads() {
        for container in workload.containers() {
            let image = container.image();
            let name = image.rsplit('/').next().unwrap_or_default();
            let tag = name.split_once(':').map(|(_, tag)| tag);
            let is_template =
                image.contains(['$', '{', '<']) || image.is_empty() || image == "auto";
            if !is_template && !image.contains('@') && matches!(tag, None | Some("" | "latest")) {
                let message = format!("`{image}` names no version");
                sink.report(
                    workload.template_entry(),
                    container.path().field("image"),
                    message,
                );
            }
        }
    }
}
