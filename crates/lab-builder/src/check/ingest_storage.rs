use stack_builder::{Finding, Subject};

use super::{error, release_value};
use crate::model::Whole;

/// Mimir 6 writes through Kafka unless three switches say otherwise; with only some of them, every write fails. An address of
/// a Kafka says that somebody counts on one.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
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
    let address = "mimir.structuredConfig.ingest_storage.kafka.address";
    if release_value(bundle, "mimir", address).is_some_and(|written| !written.is_null()) {
        findings.push(error(
            "ingest-storage",
            Subject::Release("mimir".into()),
            address,
            "there is no Kafka in the lab, so Mimir must use its classic write path",
            "set it to null, which drops the chart's own",
        ));
    }
    // What the chart made of it.
    for workload in whole.model.workloads() {
        let entry = workload.entry();
        let of_mimir = entry.origin().release.as_deref() == Some("mimir");
        let kafka = workload
            .containers()
            .find(|container| container.image().contains("kafka"));
        if let Some(container) = kafka.filter(|_| of_mimir) {
            findings.push(error(
                "ingest-storage",
                entry.id(),
                container.path().to_string(),
                "the chart runs a Kafka, and Mimir must use its classic write path",
                "set kafka.enabled to false",
            ));
        }
    }
}
