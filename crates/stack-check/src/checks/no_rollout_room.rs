//! Rolling updates that can never begin.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "no-rollout-room",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A rolling update can never begin",
    explanation: "With no pod more and no pod less than wanted, a rolling update has no first step. The API server refuses the \
        numbers where both are zero; shares of few replicas may round to zero.",
    remedy: "let `maxUnavailable` or `maxSurge` be at least 1",
    silent: "Nothing: the object says it all.",
    failing: include_str!("../../fixtures/no-rollout-room/failing.yaml"),
    passing: include_str!("../../fixtures/no-rollout-room/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.objects("apps", "Deployment") {
        let zero = |member: &str| {
            let value = entry
                .at("spec.strategy.rollingUpdate")
                .and_then(|rolling| rolling.get(member));
            value.is_some_and(|value| value.as_u64() == Some(0) || *value == "0%" || *value == "0")
        };
        if zero("maxSurge") && zero("maxUnavailable") {
            sink.report(
                entry,
                path("spec.strategy.rollingUpdate"),
                "maxSurge and maxUnavailable are both 0",
            );
        }
    }
}
