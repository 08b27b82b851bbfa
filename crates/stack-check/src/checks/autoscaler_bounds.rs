//! Autoscalers whose bounds exclude each other.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{at, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Autoscaler, ContainerRole, Value};

pub(super) const CHECK: Check = Check {
    code: "autoscaler-bounds",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "The bounds of an autoscaler leave it nothing to do",
    explanation: "A minimum above the maximum is refused by the API server. A share of what pods ask for that is more than their \
        limits let them use is never reached: nothing is scaled up.",
    remedy: "set `maxReplicas` above `minReplicas`, and a target that pods can reach",
    silent: "Targets of workloads that are not in the input, and of pods with a container without a limit.",
    failing: include_str!("../../fixtures/autoscaler-bounds/failing.yaml"),
    passing: include_str!("../../fixtures/autoscaler-bounds/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context
        .model
        .objects("autoscaling", "HorizontalPodAutoscaler")
    {
        let Some(autoscaler) = Autoscaler::of(entry) else {
            continue;
        };
        look_at_targets(context, autoscaler, sink);
        let (min, max) = (autoscaler.min(), autoscaler.max());
        if entry.at("spec.maxReplicas").is_some() && min > max {
            sink.report(
                entry,
                path("spec.maxReplicas"),
                format!("at least {min} replicas, at most {max}"),
            );
        }
    }
}

/// Reports shares of what pods ask for that are above their limits.
fn look_at_targets(context: &Context<'_>, autoscaler: Autoscaler<'_>, sink: &mut Sink<'_, '_>) {
    let entry = autoscaler.entry();
    let target = autoscaler.target().and_then(|(group, kind, name)| {
        let target = context.model.get(group, kind, entry.namespace(), name)?;
        context.model.workload(target.entry_id())
    });
    let Some(workload) = target.filter(|target| context.are_near(entry, target.entry())) else {
        return;
    };
    for (number, metric) in entry.items_at("spec.metrics").iter().enumerate() {
        let share = at(metric, "resource.target.averageUtilization").and_then(Value::as_u64);
        let (Some(name), Some(share)) = (text(metric, "resource.name"), share) else {
            continue;
        };
        let (mut asked, mut allowed) = (0.0, 0.0);
        let mut is_limited = true;
        for container in workload.containers() {
            if container.role() == ContainerRole::Init {
                continue;
            }
            let amounts = workload.container_amounts(container);
            let request = amounts.requests.get(name);
            asked += request.map_or(0.0, |amount| amount.as_f64());
            match amounts.limits.get(name) {
                Some(limit) => allowed += limit.as_f64(),
                None => is_limited = false,
            }
        }
        // As a share of what is asked, in whole percents, as the target is: fractions such as 0.3 of 0.1 are not exact.
        let most = (allowed / asked * 100.0).round();
        let wanted = f64::from(u32::try_from(share).unwrap_or(u32::MAX));
        if is_limited && asked > 0.0 && wanted > most {
            let message = format!(
                "{share} % of the {name} that {workload} asks for, of which its limits allow {most} %"
            );
            sink.report(
                entry,
                path(&format!("spec.metrics[{number}].resource.target")),
                message,
            );
        }
    }
}
