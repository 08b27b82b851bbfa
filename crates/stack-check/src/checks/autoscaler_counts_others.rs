//! Autoscalers that measure the pods of others.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink, in_words};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Autoscaler, Selector, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "autoscaler-counts-others",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "An autoscaler measures pods of another workload, too",
    explanation: "A HorizontalPodAutoscaler finds the pods to measure by the selector of what it scales, not by who owns them. \
        Where the selector fits the pods of another workload of the namespace, their usage counts, too, and the number of \
        replicas follows the wrong load.",
    remedy: "give each workload a label of its own, in its selector and in its pods",
    silent: "Jobs and pods without an owner, which come and go. Autoscalers on metrics from elsewhere.",
    failing: include_str!("../../fixtures/autoscaler-counts-others/failing.yaml"),
    passing: include_str!("../../fixtures/autoscaler-counts-others/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for entry in model.objects("autoscaling", "HorizontalPodAutoscaler") {
        let Some((group, kind, name)) = Autoscaler::of(entry).and_then(Autoscaler::target) else {
            continue;
        };
        let measures_pods = entry.at("spec.metrics").is_none()
            || entry.items_at("spec.metrics").iter().any(|metric| {
                ["resource", "containerResource", "pods"]
                    .iter()
                    .any(|member| metric.get(member).is_some())
            });
        let target = model.get(group, kind, entry.namespace(), name);
        let Some(target) = target.filter(|_| measures_pods) else {
            continue;
        };
        let selector = target
            .at("spec.selector")
            .and_then(|selector| Selector::read(selector).ok())
            .filter(|selector| !selector.requirements().is_empty());
        let (Some(namespace), Some(selector)) = (target.namespace(), selector) else {
            continue;
        };
        let other = model
            .select_workloads(namespace, &selector)
            .into_iter()
            .find(|other| {
                let stays = !matches!(
                    other.kind(),
                    WorkloadKind::Job | WorkloadKind::CronJob | WorkloadKind::Pod
                );
                stays
                    && other.entry().entry_id() != target.entry_id()
                    && !context.is_ambiguous(other.entry())
                    && context.are_near(target, other.entry())
            });
        if let Some(other) = other {
            let message = format!(
                "the selector {} of {target} means pods of {other}, too",
                in_words(&selector)
            );
            sink.report(entry, path("spec.scaleTargetRef"), message);
        }
    }
}
