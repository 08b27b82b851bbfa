//! Volumes that several pods share though one node alone can mount them.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::WorkloadKind;

pub(super) const CHECK: Check = Check {
    code: "shared-claim",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "Several pods share a volume that one node can mount",
    explanation: "A ReadWriteOnce volume is mounted on one node at a time. Replicas that land on another node wait for ever.",
    remedy: "use a ReadWriteMany volume, one replica with the strategy Recreate, or a StatefulSet with a claim per pod",
    silent: "Claims that are not in the input. Clusters of one node.",
    failing: include_str!("../../fixtures/shared-claim/failing.yaml"),
    passing: include_str!("../../fixtures/shared-claim/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.model.nodes().count() == 1 {
        return;
    }
    for workload in context.model.workloads() {
        let replicas = workload.replicas();
        let many = matches!(
            workload.kind(),
            WorkloadKind::Deployment
                | WorkloadKind::ReplicaSet
                | WorkloadKind::StatefulSet
                | WorkloadKind::Rollout
        );
        if !many || replicas.min < 2 {
            continue;
        }
        let volumes = workload
            .pod_spec()
            .and_then(|spec| spec.get("volumes"))
            .and_then(Value::as_array);
        for (number, volume) in volumes.into_iter().flatten().enumerate() {
            let name = volume
                .get("persistentVolumeClaim")
                .and_then(|claim| claim.get("claimName"))
                .and_then(Value::as_str);
            let claim = name.and_then(|name| {
                context.model.get(
                    "",
                    "PersistentVolumeClaim",
                    Some(workload.namespace()),
                    name,
                )
            });
            let Some(claim) = claim.filter(|claim| context.are_near(workload.entry(), claim))
            else {
                continue;
            };
            let modes = claim.items_at("spec.accessModes");
            if !modes.is_empty()
                && modes
                    .iter()
                    .all(|mode| mode == "ReadWriteOnce" || mode == "ReadWriteOncePod")
            {
                let at = path(workload.pod_path())
                    .field("spec")
                    .field("volumes")
                    .index(number);
                sink.report(
                    workload.template_entry(),
                    at,
                    format!(
                        "{} replicas mount {claim}, which is ReadWriteOnce",
                        replicas.min
                    ),
                );
            }
        }
    }
}
