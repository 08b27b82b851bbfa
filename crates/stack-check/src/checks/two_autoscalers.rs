//! Workloads that two autoscalers scale.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{at, list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Autoscaler, Entry};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "two-autoscalers",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two autoscalers scale one workload",
    explanation: "Each undoes what the other does: the number of replicas swings. One that scales by the share of what pods ask for \
        and one that changes what they ask for do so, too.",
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
    let vertical = Vertical::of(context);
    let mut entries: Vec<&Entry> = kinds
        .iter()
        .flat_map(|(group, kind)| context.model.objects(group, kind))
        .collect();
    entries.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
    for entry in entries {
        let Some(target) = Autoscaler::of(entry).and_then(Autoscaler::target) else {
            continue;
        };
        vertical.look(context, entry, target, sink);
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

/// The vertical autoscalers of each workload: they change what its pods ask for.
struct Vertical<'m>(HashMap<(Option<&'m str>, Target<'m>), &'m Entry>);

/// Group, kind and name.
type Target<'m> = (&'m str, &'m str, &'m str);

impl<'m> Vertical<'m> {
    fn of(context: &Context<'m>) -> Self {
        let mut all: Vec<&Entry> = context
            .model
            .objects("autoscaling.k8s.io", "VerticalPodAutoscaler")
            .filter(|entry| entry.text_at("spec.updatePolicy.updateMode") != Some("Off"))
            .collect();
        all.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
        let places = all.into_iter().filter_map(|entry| {
            let group = entry.text_at("spec.targetRef.apiVersion")?;
            let group = group.split_once('/').map_or("", |(group, _)| group);
            let kind = entry.text_at("spec.targetRef.kind")?;
            let name = entry.text_at("spec.targetRef.name")?;
            Some(((entry.namespace(), (group, kind, name)), entry))
        });
        Self(places.collect())
    }

    /// Reports that one changes the requests by which the other measures usage.
    fn look(
        &self,
        context: &Context<'_>,
        entry: &'m Entry,
        target: Target<'m>,
        sink: &mut Sink<'_, '_>,
    ) {
        let Some(vertical) = self.0.get(&(entry.namespace(), target)) else {
            return;
        };
        let shared = ["cpu", "memory"]
            .into_iter()
            .find(|name| measures(entry, name) && controls(vertical, name));
        if let Some(name) = shared.filter(|_| context.are_together(entry, vertical)) {
            let message = format!(
                "scales by {name} beside {vertical}, which changes how much of it a pod asks for"
            );
            sink.report(entry, path("spec.metrics"), message);
        }
    }
}

/// Whether an autoscaler scales by the usage of a resource: by that of the CPU where it says nothing.
fn measures(entry: &Entry, name: &str) -> bool {
    let metrics = entry.items_at("spec.metrics");
    let is_of_kubernetes = entry.group() == "autoscaling";
    (metrics.is_empty() && name == "cpu" && is_of_kubernetes)
        || metrics.iter().any(|metric| {
            let of = |member: &str| metric.get(member)?.get("name")?.as_str();
            let is_share =
                |member: &str| at(metric, &format!("{member}.target.averageUtilization")).is_some();
            ["resource", "containerResource"]
                .iter()
                .any(|member| of(member) == Some(name) && is_share(member))
        })
}

/// Whether a vertical autoscaler changes a resource of some container.
fn controls(vertical: &Entry, name: &str) -> bool {
    let policies = vertical.items_at("spec.resourcePolicy.containerPolicies");
    policies.is_empty()
        || policies.iter().any(|policy| {
            let only = list(policy, "controlledResources");
            text(policy, "mode") != Some("Off")
                && (only.is_empty() || only.iter().any(|one| one == name))
        })
}
