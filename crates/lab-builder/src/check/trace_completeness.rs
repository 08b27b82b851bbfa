use serde_json::Value;

use super::attribute_cardinality::collector_configuration;
use super::{Finding, Severity};
use crate::bundle::Bundle;

/// Tempo must wait for a trace longer than the collector holds it back to decide on it.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(configuration) = collector_configuration(bundle) else {
        return;
    };
    let Some(tempo) = bundle.release("tempo") else {
        return;
    };
    let seconds = |value: Option<&Value>| value.and_then(Value::as_str).and_then(whole_seconds);
    let idle = seconds(tempo.values.pointer("/tempo/ingester/trace_idle_period"));
    let wait = seconds(configuration.pointer("/processors/tail_sampling/decision_wait"))
        .unwrap_or_default();
    let batch = seconds(configuration.pointer("/processors/batch/timeout")).unwrap_or_default();
    if idle.is_none_or(|idle| idle <= wait + batch) {
        findings.push(Finding {
            severity: Severity::Error,
            check: "trace-completeness",
            subject: "release tempo".into(),
            path: "tempo.ingester.trace_idle_period".into(),
            message: format!(
                "traces are cut: the collector holds them back for {wait}s, and {batch}s in a batch"
            ),
            remedy: format!("set it above {}s", wait + batch),
        });
    }
}

/// Durations as the two configurations write them: `30s`, `1m`.
fn whole_seconds(text: &str) -> Option<u64> {
    match text.strip_suffix('s') {
        Some(seconds) => seconds.parse().ok(),
        None => text
            .strip_suffix('m')?
            .parse::<u64>()
            .ok()
            .map(|minutes| minutes * 60),
    }
}
