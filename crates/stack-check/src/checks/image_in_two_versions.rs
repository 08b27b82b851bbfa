//! One image in two versions.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: "image-in-two-versions",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "One image runs in two versions",
    explanation: "Workloads of one namespace run different versions of the same image. It may be meant; more often \
        one was forgotten when the other was raised.",
    remedy: "run one version",
    silent: "Argo Rollouts and the like, which run two versions on purpose inside one object; files of several folders that \
        leave open in which namespace they are applied.",
    failing: include_str!("../../fixtures/image-in-two-versions/failing.yaml"),
    passing: include_str!("../../fixtures/image-in-two-versions/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut found: BTreeMap<(&str, &str), BTreeMap<&str, &Entry>> = BTreeMap::new();
    let workloads = context.model.workloads();
    for workload in workloads.filter(|workload| context.is_with_its_namespace(workload.entry())) {
        for container in workload.containers() {
            let image = container.image();
            if let Some((name, tag)) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'))
            {
                let name = name.trim_end_matches("@sha256");
                let versions = found.entry((workload.namespace(), name)).or_default();
                let first = versions.entry(tag).or_insert(workload.entry());
                if workload.entry().id() < first.id() {
                    *first = workload.entry();
                }
            }
        }
    }
    for ((_, name), versions) in found {
        // Versions as texts: it is enough to say that there are several.
        if let (Some((one, _)), Some((other, entry)), true) = (
            versions.iter().next(),
            versions.iter().next_back(),
            versions.len() > 1,
        ) {
            let message = format!("{name} runs as {one} and as {other}");
            sink.report(entry, kube_vocab::FieldPath::root(), message);
        }
    }
}
