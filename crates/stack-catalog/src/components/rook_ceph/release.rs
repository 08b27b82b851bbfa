//! The values of the three charts.

use serde_json::{Value, json};
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{
    CLUSTER_UPSTREAM, Cluster, DRIVERS_UPSTREAM, Driver, RookCeph, UPSTREAM, images, pools,
};
use crate::chart_release::ChartRelease;
use crate::ids::ROOK_CEPH;
use crate::sizes::refused;

/// The ConfigMap in which Rook's chart says which images the drivers run.
const IMAGE_SET: &str = "rook-csi-operator-image-set-configmap";

pub(super) fn operator(
    rook: &RookCeph,
    context: &Context<'_>,
    out: &mut Contribution,
) -> Result<Release, ComponentError> {
    let mut release = ChartRelease::new(
        ROOK_CEPH,
        &UPSTREAM,
        &rook.version,
        &json!({
            "crds": {"enabled": rook.definitions},
            "resources": rook.operator.to_value("operator")?,
        }),
    )?;
    if rook.monitoring.is_on(context) {
        release.set("monitoring.enabled", true);
        release.set("csi.serviceMonitor.enabled", true);
    }
    images::of_operators(&rook.images, &mut release, out)?;
    release.finish(rook.home.name(), &rook.overlay)
}

pub(super) fn drivers(rook: &RookCeph) -> Result<Release, ComponentError> {
    if rook.driver_controllers == 0 {
        return Err(refused("driver_controllers", 0, "at least 1"));
    }
    let namespace = rook.home.name();
    let mut release = ChartRelease::new(
        "ceph-csi-drivers",
        &DRIVERS_UPSTREAM,
        &rook.drivers_version,
        &json!({
            "operatorConfig": {
                "namespace": namespace,
                "driverSpecDefaults": {
                    "imageSet": {"name": IMAGE_SET},
                    "nodePlugin": {"priorityClassName": "system-node-critical"},
                    "controllerPlugin": {
                        "priorityClassName": "system-cluster-critical",
                        "replicas": rook.driver_controllers,
                    },
                },
            },
        }),
    )?;
    for driver in Driver::ALL {
        let mut values = json!({"enabled": rook.drivers.contains(&driver)});
        if rook.drivers.contains(&driver) {
            // The name that the StorageClasses of Rook have as their provisioner.
            values["name"] = format!("{namespace}.{}.csi.ceph.com", driver.name()).into();
        }
        release.set(&format!("drivers.{}", driver.name()), values);
    }
    release.finish(namespace, &rook.drivers_overlay)
}

pub(super) fn cluster(
    rook: &RookCeph,
    cluster: &Cluster,
    context: &Context<'_>,
    out: &mut Contribution,
) -> Result<Release, ComponentError> {
    let namespace = rook.home.name();
    let [blocks, systems, stores] = pools::lists(cluster, namespace)?;
    let mut release = ChartRelease::new(
        "rook-ceph-cluster",
        &CLUSTER_UPSTREAM,
        &rook.version,
        &json!({
            "operatorNamespace": namespace,
            "toolbox": {"enabled": cluster.toolbox},
            "cephClusterSpec": spec(cluster)?,
            "cephBlockPools": blocks,
            "cephFileSystems": systems,
            "cephObjectStores": stores,
        }),
    )?;
    if rook.monitoring.is_on(context) {
        let on = json!({"enabled": true, "createPrometheusRules": true});
        release.set("monitoring", on);
    }
    if cluster.snapshot_classes {
        if !cluster.block_pools.is_empty() {
            release.set("cephBlockPoolsVolumeSnapshotClass.enabled", true);
        }
        if !cluster.file_systems.is_empty() {
            release.set("cephFileSystemVolumeSnapshotClass.enabled", true);
        }
    }
    images::of_cluster(&rook.images, &mut release, out)?;
    release.finish(namespace, &rook.cluster_overlay)
}

fn spec(cluster: &Cluster) -> Result<Value, ComponentError> {
    if cluster.monitors.is_multiple_of(2) {
        let expected = "an odd number, so that more than half can agree";
        return Err(refused("cluster.monitors", cluster.monitors, expected));
    }
    if !(1..=2).contains(&cluster.managers) {
        return Err(refused("cluster.managers", cluster.managers, "1 or 2"));
    }
    let mut monitors = json!({"count": cluster.monitors});
    if let Some(claim) = cluster.storage.monitor_claim()? {
        monitors["volumeClaimTemplate"] = claim;
    }
    let mut spec = json!({
        "dataDirHostPath": cluster.data_path,
        "mon": monitors,
        "mgr": {"count": cluster.managers},
        "dashboard": {"enabled": cluster.dashboard},
        "storage": cluster.storage.spec(cluster.encrypted_disks)?,
        "resources": {
            "mon": cluster.monitor_resources.to_value("cluster.monitor_resources")?,
            "mgr": cluster.manager_resources.to_value("cluster.manager_resources")?,
            "osd": cluster.disk_resources.to_value("cluster.disk_resources")?,
        },
    });
    if cluster.encrypted_traffic {
        spec["network"] = json!({
            "connections": {"encryption": {"enabled": true}, "requireMsgr2": true},
        });
    }
    Ok(spec)
}
