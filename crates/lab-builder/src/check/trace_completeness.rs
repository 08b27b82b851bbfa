use kube_vocab::duration;
use serde_json::Value;
use stack_builder::{Finding, Subject};

use super::{collector, error};
use crate::model::Whole;

/// Tempo must wait for a trace longer than the collector holds it back to decide on it.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let Some((_, configuration)) = collector::configuration(whole) else {
        return;
    };
    let Some(tempo) = whole.bundle.release("tempo") else {
        return;
    };
    let read = |value: Option<&Value>| duration::parse_go(value?.as_str()?).ok();
    let seconds = |value| read(value).map(|nanoseconds| nanoseconds / 1_000_000_000);
    let idle = seconds(tempo.values.pointer("/tempo/ingester/trace_idle_period"));
    let wait = seconds(configuration.pointer("/processors/tail_sampling/decision_wait"))
        .unwrap_or_default();
    let batch = seconds(configuration.pointer("/processors/batch/timeout")).unwrap_or_default();
    if idle.is_none_or(|idle| idle <= wait + batch) {
        findings.push(error(
            "trace-completeness",
            Subject::Release("tempo".into()),
            "tempo.ingester.trace_idle_period",
            format!(
                "traces are cut: the collector holds them back for {wait}s, and {batch}s in a batch"
            ),
            format!("set it above {}s", wait + batch),
        ));
    }
}
