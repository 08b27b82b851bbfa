//! Pods that are killed while they still wait to stop.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::{at, list};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "grace-period-too-short",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A pod is killed while it still waits to stop",
    explanation: "The hook that runs before a container stops counts into the time that the pod gets. It sleeps at \
        least as long as that: the program is killed without being asked to end.",
    remedy: "raise `terminationGracePeriodSeconds` above the sleep, with time for the program to end",
    silent: "Hooks that do more than sleep.",
    failing: include_str!("../../fixtures/grace-period-too-short/failing.yaml"),
    passing: include_str!("../../fixtures/grace-period-too-short/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        let grace = workload
            .pod_spec()
            .and_then(|spec| spec.get("terminationGracePeriodSeconds"));
        let grace = grace.map_or(Some(30), Value::as_u64);
        for container in workload.containers() {
            let sleep = at(container.value(), "lifecycle.preStop").and_then(sleep_of);
            if let (Some(grace), Some(sleep)) = (grace, sleep)
                && sleep >= grace
            {
                let place = container.path().field("lifecycle").field("preStop");
                let message = format!("sleeps {sleep} s, and the pod has {grace} s to stop");
                sink.report(workload.template_entry(), place, message);
            }
        }
    }
}

/// The seconds that a hook sleeps and does nothing else.
fn sleep_of(hook: &Value) -> Option<u64> {
    if let Some(seconds) = at(hook, "sleep.seconds") {
        return seconds.as_u64();
    }
    let words: Vec<&str> = list(hook, "exec.command")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let text = match words.as_slice() {
        [shell, "-c", script] if shell.ends_with("sh") => (*script).to_owned(),
        words => words.join(" "),
    };
    let seconds = text
        .trim()
        .strip_prefix("/bin/")
        .unwrap_or(text.trim())
        .strip_prefix("sleep ")?;
    seconds.trim().trim_end_matches('s').parse().ok()
}
