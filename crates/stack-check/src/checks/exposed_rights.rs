//! Programs that the world can reach and that can take over the cluster.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::exposure;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: "exposed-rights",
    group: Group::Posture,
    severity: Severity::Error,
    title: "A program that the world can reach may take over the cluster",
    explanation: "Traffic from outside reaches the pods, and their account may read Secrets, make pods, or give \
        rights away. Whoever breaks into the program gets the rest.",
    remedy: "take the right from the account, or the program from the edge",
    silent: "Ways in that are not in the input: load balancers made by hand, tunnels.",
    failing: include_str!("../../fixtures/exposed-rights/failing.yaml"),
    passing: include_str!("../../fixtures/exposed-rights/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let powers: BTreeMap<(&str, &str), (String, &Entry)> = exposure::powers(context.model);
    if powers.is_empty() {
        return;
    }
    for (workload, way) in exposure::exposed(context) {
        let account = (workload.namespace(), workload.service_account());
        let power = powers
            .get(&account)
            .filter(|(_, binding)| context.are_near(workload.entry(), binding));
        if let Some((power, _)) = power {
            let at = workload.pod_field("serviceAccountName");
            let message = format!("{way} leads here, and the account may {power}");
            sink.report(workload.template_entry(), at, message);
        }
    }
}
