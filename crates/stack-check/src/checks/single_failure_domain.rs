//! Several pods that one node or zone may hold all of.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::{at, list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Workload, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "single-failure-domain",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "One node or zone may hold all pods of a workload",
    explanation: "Several replicas are no use when they are in one place. Nothing in the pod template keeps these apart, or it \
        binds them to one node or zone: the scheduler's own defaults give way as soon as nodes fill up.",
    remedy: "add topologySpreadConstraints by zone and by host, or a podAntiAffinity",
    silent: "Workloads with one pod, DaemonSets and Jobs. What a policy adds on the way in is not known.",
    failing: include_str!("../../fixtures/single-failure-domain/failing.yaml"),
    passing: include_str!("../../fixtures/single-failure-domain/passing.yaml"),
    run,
};

const ZONES: [&str; 2] = [
    "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/zone",
];

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let ends = [
        WorkloadKind::Pod,
        WorkloadKind::DaemonSet,
        WorkloadKind::Job,
        WorkloadKind::CronJob,
    ];
    for workload in context.written_workloads() {
        let replicas = workload.replicas();
        if ends.contains(&workload.kind()) || !replicas.known || replicas.min < 2 {
            continue;
        }
        // The number of an autoscaler that may be another cluster's says nothing.
        let scaler = workload.autoscaler();
        if scaler.is_some_and(|scaler| !context.are_beside(scaler.entry(), workload.entry())) {
            continue;
        }
        let Some(spec) = workload.pod_spec() else {
            continue;
        };
        if let Some((member, place)) = bound(spec) {
            let message = format!("all {} pods run in {place}", replicas.min);
            sink.report(
                workload.template_entry(),
                workload.pod_field(member),
                message,
            );
        } else if !is_spread(spec, &workload) {
            let message = format!("nothing spreads the {} pods", replicas.min);
            let at = workload.pod_field("topologySpreadConstraints");
            sink.report(workload.template_entry(), at, message);
        }
    }
}

/// The member of the pod's spec that binds it to one place, and the place.
fn bound(spec: &Value) -> Option<(&'static str, String)> {
    if let Some(node) = text(spec, "nodeName").filter(|node| !node.is_empty()) {
        return Some(("nodeName", format!("node {node}")));
    }
    let selector = spec.get("nodeSelector")?;
    let value = |key: &str| selector.get(key).and_then(Value::as_str);
    if let Some(host) = value("kubernetes.io/hostname") {
        return Some(("nodeSelector", format!("node {host}")));
    }
    let zone = ZONES.iter().find_map(|key| value(key))?;
    Some(("nodeSelector", format!("zone {zone}")))
}

fn is_spread(spec: &Value, workload: &Workload<'_>) -> bool {
    let terms = [
        "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
        "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution",
    ];
    // A port of the node is another way to say: one on each.
    let takes_port = workload.host_network()
        || workload.containers().any(|container| {
            let ports = container.items("ports").iter();
            ports.clone().any(|port| at(port, "hostPort").is_some())
        });
    takes_port
        || !list(spec, "topologySpreadConstraints").is_empty()
        || terms.iter().any(|place| !list(spec, place).is_empty())
}
