//! What cannot stand beside KEDA.

use serde_json::json;
use stack_builder::{Bundle, Finding, Provided, Severity};

use super::EXTERNAL_METRICS;
use crate::ids::KEDA;
use crate::provide;
use crate::surroundings::Surroundings;

/// A cluster has one provider of the API of external metrics.
pub(super) fn has_one_provider(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let surroundings = Surroundings::of(bundle);
    let others = bundle.parts().iter().filter(|part| part.id() != KEDA);
    let mut others: Vec<String> = others
        .filter(|part| {
            let is = |one: &Provided| matches!(one, Provided::ApiGroup(group) if group == EXTERNAL_METRICS);
            part.provided().iter().any(is)
        })
        .map(|part| part.id().to_owned())
        .collect();
    let adapter = surroundings.chart("prometheus-adapter");
    others.extend(
        adapter
            .filter(|release| {
                let rules = release.values["rules"]["external"].as_array();
                rules.is_some_and(|rules| !rules.is_empty())
            })
            .map(|release| release.name.clone()),
    );
    let datadog = surroundings.chart("datadog");
    others.extend(
        datadog
            .filter(|release| {
                release.values["clusterAgent"]["metricsProvider"]["enabled"] == json!(true)
            })
            .map(|release| release.name.clone()),
    );
    for other in others {
        let message = format!(
            "{other} serves {EXTERNAL_METRICS}, too: whoever comes later takes the API over"
        );
        findings.push(provide::finding(
            KEDA,
            "external-metrics-twice",
            Severity::Error,
            "metricsServer",
            message,
            "leave the other one's external metrics off, and ask its source by a trigger of KEDA",
        ));
    }
}
