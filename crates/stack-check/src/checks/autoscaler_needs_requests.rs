//! Autoscalers whose metric has no base.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Autoscaler, ContainerRole};

pub(super) const CHECK: Check = Check {
    code: "autoscaler-needs-requests",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "An autoscaler compares usage with requests that are not there",
    explanation: "Utilization is a share of what the containers ask for. If one container of the pod, a sidecar included, asks \
        for nothing, the metric is undefined and the autoscaler does nothing.",
    remedy: "set the request of every container, or measure one container (ContainerResource)",
    silent: "Sidecars that an injector adds later. Defaults of a LimitRange count.",
    failing: include_str!("../../fixtures/autoscaler-needs-requests/failing.yaml"),
    passing: include_str!("../../fixtures/autoscaler-needs-requests/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context
        .model
        .objects("autoscaling", "HorizontalPodAutoscaler")
    {
        let target =
            Autoscaler::of(entry)
                .and_then(Autoscaler::target)
                .and_then(|(group, kind, name)| {
                    let target = context.model.get(group, kind, entry.namespace(), name)?;
                    context.model.workload(target.entry_id())
                });
        let Some(workload) = target.filter(|target| context.are_beside(entry, target.entry()))
        else {
            continue;
        };
        for (number, metric) in entry.items_at("spec.metrics").iter().enumerate() {
            let resource = metric.get("resource");
            let name = resource
                .and_then(|resource| resource.get("name"))
                .and_then(Value::as_str);
            let share = resource
                .and_then(|resource| resource.get("target"))
                .and_then(|target| target.get("averageUtilization"));
            let (Some(name), Some(_)) = (name, share) else {
                continue;
            };
            let together = workload
                .containers()
                .filter(|container| container.role() != ContainerRole::Init);
            let silent = together.into_iter().find(|container| {
                workload
                    .container_amounts(*container)
                    .requests
                    .get(name)
                    .is_none()
            });
            // What is asked for the pod as a whole is a base, too.
            if let Some(container) = silent.filter(|_| {
                workload.amounts().requests.get(name).is_none()
                    || workload
                        .pod_spec()
                        .is_none_or(|spec| spec.get("resources").is_none())
            }) {
                let message = format!(
                    "container {} of {workload} asks for no {name}",
                    container.name()
                );
                sink.report(
                    entry,
                    path(&format!("spec.metrics[{number}].resource")),
                    message,
                );
            }
        }
    }
}
