//! How many pods the charts of the observability stack run.

use stack_builder::{Pods, Release};

/// Mimir's own pods, without the rollout operator.
pub(super) fn mimir_parts(release: &Release) -> u32 {
    let parts = [
        "distributor",
        "ingester",
        "compactor",
        "querier",
        "query_frontend",
        "query_scheduler",
        "ruler",
        "store_gateway",
        "gateway",
    ];
    parts
        .iter()
        .map(|part| release.number(&format!("/{part}/replicas"), 1))
        .sum()
}

pub(super) fn mimir(release: &Release) -> Pods {
    Pods::exactly(mimir_parts(release) + release.number("/rollout_operator/enabled", 1))
}

pub(super) fn loki(release: &Release) -> Pods {
    Pods::exactly(release.number("/singleBinary/replicas", 0)) + canaries(release)
}

/// Loki's canaries: a DaemonSet that does not go to control-plane nodes.
pub(super) fn canaries(release: &Release) -> Pods {
    match release.number("/lokiCanary/enabled", 1) {
        0 => Pods::default(),
        _ => Pods::each_worker(),
    }
}

/// A chart that runs as many pods as its values say.
pub(super) fn replicas(release: &Release) -> Pods {
    Pods::exactly(release.number("/replicas", 1))
}

pub(super) fn alloy(_: &Release) -> Pods {
    Pods::each_worker()
}
