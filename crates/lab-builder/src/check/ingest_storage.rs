use super::{Finding, Severity};
use crate::bundle::Bundle;

/// Mimir 6 writes through Kafka unless three switches say otherwise; with only some of them, every write fails.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    if bundle.release("mimir").is_none() {
        return;
    }
    for (path, wanted) in [
        ("kafka.enabled", false),
        ("mimir.structuredConfig.ingest_storage.enabled", false),
        (
            "mimir.structuredConfig.ingester.push_grpc_method_enabled",
            true,
        ),
    ] {
        if bundle.release_value("mimir", path) != Some(&wanted.into()) {
            findings.push(Finding {
                severity: Severity::Error,
                check: "ingest-storage",
                subject: "release mimir".into(),
                path: path.into(),
                message: "there is no Kafka in the lab, so Mimir must use its classic write path"
                    .into(),
                remedy: format!("set it to {wanted}"),
            });
        }
    }
}
