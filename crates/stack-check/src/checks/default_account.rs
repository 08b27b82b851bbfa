//! Pods that run as nobody in particular.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Value, Workload, WorkloadKind};

pub(super) const CHECK: Check = Check {
    code: "default-account",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Pods run as the account `default`, with its token",
    explanation: "Rights that are ever given to this account go to all of these pods, and the token in each lets \
        whoever breaks in use them.",
    remedy: "name an account of its own, or set `automountServiceAccountToken: false`",
    silent: "Accounts of which the input says that no token is mounted; pods that a node runs from a file.",
    failing: include_str!("../../fixtures/default-account/failing.yaml"),
    passing: include_str!("../../fixtures/default-account/passing.yaml"),
    run,
};

/// The annotation of what a server shows of a pod that a node runs from a file.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// Whether a node runs the pod from a file, as kubeadm writes them for the control plane.
fn is_of_a_file(workload: &Workload<'_>) -> bool {
    let is_of_kubeadm = workload.kind() == WorkloadKind::Pod
        && workload.namespace() == "kube-system"
        && workload.labels().get("tier") == Some("control-plane");
    is_of_kubeadm || workload.annotations().get(MIRROR).is_some()
}

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.written_workloads() {
        let Some(spec) = workload.pod_spec() else {
            continue;
        };
        // A pod that its node runs from a file gets no account and no token.
        if is_of_a_file(&workload) {
            continue;
        }
        let own = spec
            .get("automountServiceAccountToken")
            .and_then(Value::as_bool);
        let account =
            context
                .model
                .get("", "ServiceAccount", Some(workload.namespace()), "default");
        let of_account = || account?.at("automountServiceAccountToken")?.as_bool();
        if workload.service_account() == "default" && own.or_else(of_account) != Some(false) {
            let at = workload.pod_field("serviceAccountName");
            sink.report(
                workload.template_entry(),
                at,
                "its pods run as the account `default`, with its token",
            );
        }
    }
}
