//! What cannot work beside the rest of the stack.

use stack_builder::{Bundle, Finding, Severity};

use super::{Driver, RookCeph, pools};
use crate::ids::ROOK_CEPH;
use crate::provide;
use crate::surroundings::Surroundings;

const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";
const CLUSTER: &str = "rook-ceph-cluster";

pub(super) fn of(rook: &RookCeph) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
    let defaults: Vec<String> = rook
        .cluster
        .iter()
        .flat_map(pools::classes)
        .filter(|class| class.is_default)
        .map(|class| class.name.clone())
        .collect();
    let needed = rook.cluster.iter().flat_map(|cluster| {
        let systems = cluster.file_systems.iter().any(|one| one.class.is_some());
        let blocks = cluster.block_pools.iter().any(|one| one.class.is_some());
        let blocks = blocks.then_some(("cephBlockPools", Driver::Rbd));
        let systems = systems.then_some(("cephFileSystems", Driver::CephFs));
        blocks.into_iter().chain(systems)
    });
    let drivers = &rook.drivers;
    let missing: Vec<(&str, Driver)> = needed
        .filter(|(_, driver)| !drivers.contains(driver))
        .collect();
    let has_cluster = rook.cluster.is_some();
    move |bundle, findings| {
        for (path, driver) in &missing {
            findings.push(provide::finding(
                CLUSTER,
                "class-without-driver",
                Severity::Error,
                path,
                format!(
                    "there is no driver {} to make what its class promises",
                    driver.name()
                ),
                "add the driver to `drivers`, or leave the class out",
            ));
        }
        if let [_, second, ..] = &defaults[..] {
            findings.push(two(second));
        } else if let Some(ours) = defaults.first() {
            let others = bundle
                .of_kind("storage.k8s.io", "StorageClass")
                .any(|class| class.value()["metadata"]["annotations"][DEFAULT_CLASS] == "true");
            // kind brings a class `standard`.
            if others || Surroundings::of(bundle).is_kind() {
                findings.push(two(ours));
            }
        }
        if has_cluster && Surroundings::of(bundle).is_kind() {
            findings.push(provide::finding(
                ROOK_CEPH,
                "no-disks-on-kind",
                Severity::Warning,
                "cephClusterSpec.storage",
                "nodes of kind have no disks of their own, and the classes of kind give no raw devices: Ceph keeps nothing",
                "leave Rook out of stacks on kind, or give the nodes loop devices",
            ));
        }
    }
}

fn two(class: &str) -> Finding {
    provide::finding(
        CLUSTER,
        "two-default-classes",
        Severity::Warning,
        "cephBlockPools",
        format!(
            "{class} is not the only default StorageClass: a claim without a class gets the newest of them"
        ),
        "leave `is_default` off, or take the mark from the other class",
    )
}
