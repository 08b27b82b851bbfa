//! Targets of autoscalers and Rollouts that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink, path};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::{Autoscaler, Purpose};

pub(super) const CHECK: Check = Check {
    code: "dangling-scale-target",
    group: Group::References,
    severity: Severity::Error,
    title: "What an autoscaler or a Rollout works on does not exist, or cannot be scaled",
    explanation: "An autoscaler whose target is not there, or has no number of replicas, does nothing, and says so only in its \
        own status.",
    remedy: "correct the kind and name of the target",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-scale-target/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-scale-target/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::ScaleTarget], |_| true);
    for (group, kind) in [
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("keda.sh", "ScaledObject"),
    ] {
        for entry in context.model.objects(group, kind) {
            let target = Autoscaler::of(entry).and_then(Autoscaler::target);
            if let Some((group, kind, _)) =
                target.filter(|target| UNSCALABLE.contains(&(target.0, target.1)))
            {
                let name = if group.is_empty() { "core" } else { group };
                let message = format!("a {kind} of the group {name} has no replicas to scale");
                sink.report(entry, path("spec.scaleTargetRef.kind"), message);
            }
        }
    }
}

/// Kinds without the subresource `scale`.
const UNSCALABLE: [(&str, &str); 4] = [
    ("", "Pod"),
    ("apps", "DaemonSet"),
    ("batch", "CronJob"),
    ("batch", "Job"),
];
