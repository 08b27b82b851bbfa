//! Workloads that two autoscalers scale.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Autoscaler, Entry};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "two-autoscalers",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two autoscalers scale one workload",
    explanation: "Each undoes what the other does: the number of replicas swings.",
    remedy: "keep one, with all metrics",
    silent: "Autoscalers that are not in the input.",
    failing: include_str!("../../fixtures/two-autoscalers/failing.yaml"),
    passing: include_str!("../../fixtures/two-autoscalers/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut seen: HashMap<_, &Entry> = HashMap::new();
    let kinds = [
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("keda.sh", "ScaledObject"),
    ];
    let mut entries: Vec<&Entry> = kinds
        .iter()
        .flat_map(|(group, kind)| context.model.objects(group, kind))
        .collect();
    entries.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
    for entry in entries {
        let Some(target) = Autoscaler::of(entry).and_then(Autoscaler::target) else {
            continue;
        };
        if let Some(other) = seen.insert((entry.namespace(), target), entry)
            && context.are_together(entry, other)
        {
            sink.report(
                entry,
                path("spec.scaleTargetRef"),
                format!(
                    "beside {other}, which scales the same {} {}",
                    target.1, target.2
                ),
            );
        }
    }
}
