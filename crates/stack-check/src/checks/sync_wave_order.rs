//! Objects that are used before the sync wave that makes them.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Purpose, Resolution};

pub(super) const CHECK: Check = Check {
    code: "sync-wave-order",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Something is used before the wave that makes it",
    explanation: "Argo CD applies waves one after the other and waits until each is healthy. A pod of an earlier wave that needs \
        an object of a later one never becomes healthy: the sync hangs for ever.",
    remedy: "give what is needed the same wave or an earlier one",
    silent: "Objects of different releases, which have waves of their own; hooks, whose phases come before waves.",
    failing: include_str!("../../fixtures/sync-wave-order/failing.yaml"),
    passing: include_str!("../../fixtures/sync-wave-order/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    if model.entries().all(|entry| wave_of(entry) == 0) {
        return;
    }
    for workload in model.workloads() {
        let entry = workload.entry();
        for reference in model.references_of(entry) {
            let needed = matches!(
                reference.purpose,
                Purpose::Config | Purpose::Identity | Purpose::Storage | Purpose::Scheduling
            );
            if reference.optional || !needed {
                continue;
            }
            let Resolution::Found(target) = model.resolve(&reference, context.extent) else {
                continue;
            };
            let (own, later) = (wave_of(entry), wave_of(target));
            let together = entry.origin().release == target.origin().release
                && context.are_near(entry, target);
            if own < later && together && !is_hook(entry) && !is_hook(target) {
                let message = format!("is of wave {own} and needs {target} of wave {later}");
                sink.report(entry, path(&reference.path.to_string()), message);
            }
        }
    }
}

fn wave_of(entry: &Entry) -> i64 {
    let wave = entry.annotations().get("argocd.argoproj.io/sync-wave");
    wave.and_then(|wave| wave.trim().parse().ok()).unwrap_or(0)
}

/// Hooks run in phases, which come before waves.
fn is_hook(entry: &Entry) -> bool {
    ["argocd.argoproj.io/hook", "helm.sh/hook"]
        .iter()
        .any(|key| entry.annotations().get(key).is_some())
}
