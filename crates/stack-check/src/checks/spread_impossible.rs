//! Spreads that the nodes cannot give.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use crate::nodes::Nodes;
use kube_vocab::Severity;
use stack_model::Value;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "spread-impossible",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "Pods are to spread over places that the nodes do not have",
    explanation: "A constraint with `whenUnsatisfiable: DoNotSchedule` asks for a label that no node has, or for \
        more places than there are. The pods stay Pending.",
    remedy: "label the nodes, lower `minDomains`, or use `ScheduleAnyway`",
    silent: "Stacks without nodes; clusters that add nodes by themselves; `kubernetes.io/hostname`, which \
        every node has, and labels that clouds set on Node objects.",
    failing: include_str!("../../fixtures/spread-impossible/failing.yaml"),
    passing: include_str!("../../fixtures/spread-impossible/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let Some(nodes) = Nodes::of(context.model) else {
        return;
    };
    for workload in context.model.workloads() {
        let Some(spec) = workload.pod_spec() else {
            continue;
        };
        for (number, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
            let strict =
                text(constraint, "whenUnsatisfiable").is_none_or(|word| word == "DoNotSchedule");
            let key = text(constraint, "topologyKey").unwrap_or_default();
            if !strict || key.is_empty() {
                continue;
            }
            let places: BTreeSet<&str> = nodes
                .for_pods(&workload)
                .filter_map(|node| node.labels().get(key))
                .collect();
            let least = constraint
                .get("minDomains")
                .and_then(Value::as_u64)
                .unwrap_or(1);
            let at = workload
                .pod_field("topologySpreadConstraints")
                .index(number);
            if places.is_empty() && nodes.knows(key) {
                sink.report(
                    workload.template_entry(),
                    at,
                    format!("no node has the label {key}"),
                );
            } else if u64::try_from(places.len()).is_ok_and(|places| places < least)
                && nodes.knows(key)
            {
                let message = format!(
                    "{least} places by {key} are asked for, there are {}",
                    places.len()
                );
                sink.report(workload.template_entry(), at, message);
            }
        }
    }
}
