use stack_builder::Stack;
use stack_catalog::components::rook_ceph::{
    BlockPool, Cluster, Driver, FailureDomain, FileSystem, ObjectStore, Reclaim, Redundancy,
    Storage, StorageClass, StorageNode,
};
use stack_catalog::components::{KubePrometheusStack, RookCeph};
use stack_catalog::lab_builder::components::Kind;
use stack_catalog::{Home, Volume, platform};

use crate::proof::{self, Chart};

const OPERATOR: Chart = Chart {
    folder: "rook-ceph",
    release: "rook-ceph",
    inner: &[],
    // A value of the chart ceph-csi-operator, which lies inside.
    unlisted: &["ceph-csi-operator.controllerManager.manager.image"],
    without: &[],
    // The cluster's release is of the same component.
    with: &["quay.io/ceph/ceph:v20.2.4"],
};

const DRIVERS: Chart = Chart {
    folder: "ceph-csi-drivers",
    release: "ceph-csi-drivers",
    inner: &[],
    // Rook's own values for this chart have it; the chart hands the controller's settings on.
    unlisted: &["operatorConfig.driverSpecDefaults.controllerPlugin.priorityClassName"],
    without: &[],
    with: &[],
};

const CLUSTER: Chart = Chart {
    folder: "rook-ceph-cluster",
    release: "rook-ceph-cluster",
    inner: &[],
    // The chart hands the spec of the CephCluster on as it is, and these stand commented in its values.
    unlisted: &[
        "cephClusterSpec.mon.volumeClaimTemplate",
        "cephClusterSpec.storage.config",
        "cephClusterSpec.storage.deviceFilter",
        "cephClusterSpec.storage.nodes",
        "cephClusterSpec.storage.storageClassDeviceSets",
    ],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(RookCeph::default())
}

fn everything(stack: Stack) -> Stack {
    let with = |storage| Cluster {
        monitors: 5,
        managers: 1,
        storage,
        encrypted_traffic: true,
        encrypted_disks: true,
        dashboard: false,
        toolbox: false,
        block_pools: vec![BlockPool {
            copies: 2,
            apart: FailureDomain::Zone,
            class: Some(StorageClass {
                is_default: true,
                reclaim: Reclaim::Retain,
                ..StorageClass::new("fast")
            }),
            ..BlockPool::new("fast")
        }],
        file_systems: vec![FileSystem {
            class: None,
            ..FileSystem::new("shared")
        }],
        object_stores: vec![
            ObjectStore::new("buckets"),
            ObjectStore {
                data: Redundancy::Copies(3),
                class: None,
                ..ObjectStore::new("archive")
            },
        ],
        snapshot_classes: true,
        ..Cluster::default()
    };
    stack.with(KubePrometheusStack::default()).with(RookCeph {
        home: Home::own("storage"),
        drivers: Driver::ALL.into(),
        cluster: Some(with(Storage::Nodes(vec![StorageNode {
            name: "node-1".into(),
            devices: vec!["sdb".into()],
        }]))),
        ..RookCeph::default()
    })
}

fn on_devices(stack: Stack) -> Stack {
    let cluster = Cluster {
        storage: Storage::Devices("^sd[b-d]$".into()),
        encrypted_disks: true,
        ..Cluster::default()
    };
    stack.with(RookCeph {
        cluster: Some(cluster),
        ..RookCeph::default()
    })
}

fn operator_alone(stack: Stack) -> Stack {
    stack.with(RookCeph {
        definitions: false,
        cluster: None,
        ..RookCeph::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, on_devices, operator_alone] {
        for bundle in proof::environments(build) {
            OPERATOR.knows_the_values_of(&bundle);
            DRIVERS.knows_the_values_of(&bundle);
            if bundle.release("rook-ceph-cluster").is_some() {
                CLUSTER.knows_the_values_of(&bundle);
            }
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        OPERATOR.runs_the_images_of(bundle.part("rook-ceph").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        for chart in [OPERATOR, DRIVERS, CLUSTER] {
            chart.makes_what_is_declared_by(&bundle);
        }
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, on_devices, operator_alone] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_releases_come_in_the_order_in_which_they_need_each_other() {
    let bundle = plain(platform("dev", "dev.example.com")).build().unwrap();
    let names: Vec<&str> = bundle
        .releases()
        .map(|release| release.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["rook-ceph", "ceph-csi-drivers", "rook-ceph-cluster"]
    );
    // The provisioner of the classes is the driver's name.
    let drivers = &bundle.release("ceph-csi-drivers").unwrap().values["drivers"];
    assert_eq!(drivers["rbd"]["name"], "rook-ceph.rbd.csi.ceph.com");
}

#[test]
fn a_disk_is_taken_only_where_it_was_named() {
    let storage = |storage| {
        let rook = RookCeph {
            cluster: Some(Cluster {
                storage,
                ..Cluster::default()
            }),
            ..RookCeph::default()
        };
        let bundle = platform("dev", "dev.example.com")
            .with(rook)
            .build()
            .unwrap();
        let values = &bundle.release("rook-ceph-cluster").unwrap().values;
        values["cephClusterSpec"]["storage"].clone()
    };
    let claims = storage(Storage::Claims {
        volumes: 6,
        volume: Volume::new("1Ti").of_class("raw"),
    });
    assert_eq!(claims["useAllDevices"], false);
    assert_eq!(claims["storageClassDeviceSets"][0]["count"], 6);
    let devices = storage(Storage::Devices("^sdb$".into()));
    assert_eq!(devices["useAllDevices"], false);
    assert_eq!(devices["deviceFilter"], "^sdb$");
    assert_eq!(storage(Storage::EveryEmptyDisk)["useAllDevices"], true);
}

#[test]
fn a_cluster_has_one_default_class_and_a_driver_for_each() {
    let codes = |drivers: &[Driver], defaults: bool, kind: bool| {
        let mut cluster = Cluster::default();
        for class in cluster
            .block_pools
            .iter_mut()
            .filter_map(|pool| pool.class.as_mut())
        {
            class.is_default = true;
        }
        for class in cluster
            .file_systems
            .iter_mut()
            .filter_map(|one| one.class.as_mut())
        {
            class.is_default = defaults;
        }
        let rook = RookCeph {
            drivers: drivers.iter().copied().collect(),
            cluster: Some(cluster),
            ..RookCeph::default()
        };
        let stack = platform("dev", "dev.example.com");
        let stack = if kind {
            stack.with(Kind::default())
        } else {
            stack
        };
        proof::codes(stack.with(rook))
    };
    let both = [Driver::Rbd, Driver::CephFs];
    assert!(codes(&both, true, false).contains_key("two-default-classes"));
    assert!(!codes(&both, false, false).contains_key("two-default-classes"));
    let on_kind = codes(&both, false, true);
    assert!(on_kind.contains_key("two-default-classes"), "{on_kind:?}");
    assert!(on_kind.contains_key("no-disks-on-kind"), "{on_kind:?}");
    assert!(!codes(&both, false, false).contains_key("no-disks-on-kind"));
    assert!(codes(&[Driver::Rbd], false, false).contains_key("class-without-driver"));
    assert!(!codes(&both, false, false).contains_key("class-without-driver"));
}

#[test]
fn what_would_lose_data_is_refused() {
    let cases: [(crate::Change<Cluster>, &str); 5] = [
        (|cluster| cluster.monitors = 2, "cluster.monitors"),
        (|cluster| cluster.managers = 3, "cluster.managers"),
        (
            |cluster| cluster.block_pools[0].copies = 0,
            "cluster.block_pools[0].copies",
        ),
        (
            |cluster| cluster.storage = Storage::Devices(String::new()),
            "cluster.storage",
        ),
        (
            |cluster| {
                cluster.object_stores = vec![ObjectStore {
                    data: Redundancy::Erasure { data: 2, coding: 0 },
                    ..ObjectStore::new("x")
                }];
            },
            "cluster.object_stores[0].data",
        ),
    ];
    for (change, field) in cases {
        let mut cluster = Cluster::default();
        change(&mut cluster);
        let rook = RookCeph {
            cluster: Some(cluster),
            ..RookCeph::default()
        };
        let stack = platform("dev", "dev.example.com").with(rook);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}
