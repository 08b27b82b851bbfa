//! Chaos experiments that may do nothing.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "chaos-default-account",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A Litmus experiment runs as the account `default`",
    explanation: "Without `chaosServiceAccount` the pods of the experiment run as the namespace's account `default`. It may not \
        read the ChaosEngine nor delete pods, and the experiment ends in an error; where it may, so may every other pod there.",
    remedy: "name a ServiceAccount with the rights that the ChaosExperiment lists",
    silent: "Engines that name an account.",
    failing: include_str!("../../fixtures/chaos-default-account/failing.yaml"),
    passing: include_str!("../../fixtures/chaos-default-account/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    const PLACE: &str = "spec.chaosServiceAccount";
    for engine in context.model.objects("litmuschaos.io", "ChaosEngine") {
        let account = engine.text_at(PLACE).unwrap_or_default();
        if engine.at("spec").is_some() && matches!(account, "" | "default") {
            sink.report(engine, path(PLACE), "names no account of its own");
        }
    }
}
