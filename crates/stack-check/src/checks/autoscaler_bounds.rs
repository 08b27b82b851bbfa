//! Autoscalers whose bounds exclude each other.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Autoscaler;

pub(super) const CHECK: Check = Check {
    code: "autoscaler-bounds",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "The bounds of an autoscaler leave it nothing to do",
    explanation: "A minimum above the maximum is refused by the API server; a minimum equal to it scales nothing.",
    remedy: "set `maxReplicas` above `minReplicas`",
    silent: "Nothing: the object says it all.",
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
