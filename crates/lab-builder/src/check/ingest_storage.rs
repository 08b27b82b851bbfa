use stack_builder::{Bundle, Finding, Subject};

use super::{error, release_value};

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
        if release_value(bundle, "mimir", path) != Some(&wanted.into()) {
            findings.push(error(
                "ingest-storage",
                Subject::Release("mimir".into()),
                path,
                "there is no Kafka in the lab, so Mimir must use its classic write path",
                format!("set it to {wanted}"),
            ));
        }
    }
}
