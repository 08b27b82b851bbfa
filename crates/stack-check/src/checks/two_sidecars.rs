//! Sidecar or Telemetry objects that claim the same pods.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, EntryId, Selector};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "two-sidecars",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two objects configure the proxies of the same pods",
    explanation: "Of Sidecar and Telemetry objects one alone counts per namespace without a selector, and one per \
        pod with a selector. Which of two wins is not defined.",
    remedy: "merge them",
    silent: "Pods that are not in the input.",
    failing: include_str!("../../fixtures/two-sidecars/failing.yaml"),
    passing: include_str!("../../fixtures/two-sidecars/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (group, kind) in [
        ("networking.istio.io", "Sidecar"),
        ("telemetry.istio.io", "Telemetry"),
    ] {
        let mut entries: Vec<&Entry> = context.model.objects(group, kind).collect();
        entries.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
        let mut of_namespace: HashMap<&str, &Entry> = HashMap::new();
        let mut of_pods: HashMap<EntryId, &Entry> = HashMap::new();
        for entry in entries {
            let namespace = entry.namespace().unwrap_or_default();
            let selector = entry
                .at("spec.selector")
                .or(entry.at("spec.workloadSelector"));
            if entry.at("spec.targetRefs").is_some() || entry.at("spec.targetRef").is_some() {
                continue;
            }
            let Some(selector) = selector else {
                if let Some(other) = of_namespace.insert(namespace, entry)
                    && context.are_together(entry, other)
                    && context.are_beside(entry, other)
                {
                    sink.report(
                        entry,
                        path("spec"),
                        format!("{other} is for the whole namespace, too"),
                    );
                }
                continue;
            };
            let labels = selector.get("matchLabels").or(selector.get("labels"));
            let Some(selector) = labels.and_then(|labels| Selector::read_labels(labels).ok())
            else {
                continue;
            };
            for workload in context.model.select_workloads(namespace, &selector) {
                if let Some(other) = of_pods.insert(workload.entry().entry_id(), entry)
                    && context.are_together(entry, other)
                    && context.are_beside(entry, other)
                {
                    sink.report(
                        entry,
                        path("spec"),
                        format!("{other} selects {workload}, too"),
                    );
                }
            }
        }
    }
}
