//! Rollouts that need a node more than there is.

use crate::check::Check;
use crate::context::scaled;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::nodes::{self, Nodes};
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::WorkloadKind;

pub(super) const CHECK: Check = Check {
    code: "rollout-needs-a-node",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "A rolling update needs a node more than there is",
    explanation: "Each replica takes a node of its own, all nodes are taken, and no replica may be missing while \
        the update runs: the new pod stays Pending, and the update hangs.",
    remedy: "let one replica be missing (`maxUnavailable: 1`, `maxSurge: 0`), or prefer instead of require",
    silent: "Stacks without nodes; clusters that add nodes by themselves.",
    failing: include_str!("../../fixtures/rollout-needs-a-node/failing.yaml"),
    passing: include_str!("../../fixtures/rollout-needs-a-node/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let Some(nodes) = Nodes::of(context.model) else {
        return;
    };
    for workload in context.model.workloads() {
        let entry = workload.entry();
        let rolling = entry
            .text_at("spec.strategy.type")
            .is_none_or(|kind| kind == "RollingUpdate");
        if workload.kind() != WorkloadKind::Deployment
            || !rolling
            || !nodes::wants_a_node_each(&workload)
        {
            continue;
        }
        let replicas = workload.replicas();
        let quarter = Value::from("25%");
        let rule = |member: &str| {
            entry
                .at(&format!("spec.strategy.rollingUpdate.{member}"))
                .unwrap_or(&quarter)
        };
        // Shares of the pods that may be missing are rounded down.
        let missing = match rule("maxUnavailable") {
            Value::String(share) => share
                .strip_suffix('%')
                .and_then(|share| share.parse::<u32>().ok())
                .map(|share| replicas.min * share / 100),
            number => number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok()),
        };
        let more = scaled(rule("maxSurge"), replicas.min);
        let room = u32::try_from(nodes.for_pods(&workload).count()).unwrap_or(u32::MAX);
        if missing == Some(0)
            && more.is_some_and(|more| more > 0)
            && replicas.min == room
            && replicas.known
        {
            let message = format!(
                "{} replicas take all {room} nodes, and none may be missing",
                replicas.min
            );
            sink.report(entry, crate::context::path("spec.strategy"), message);
        }
    }
}
