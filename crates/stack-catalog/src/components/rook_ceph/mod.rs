//! Rook: Ceph on the disks of the nodes, as volumes, shared folders and buckets.

mod check;
mod images;
mod pools;
mod release;
mod storage;
mod verify;

use std::collections::BTreeSet;

use stack_builder::{
    Component, ComponentError, Context, Contribution, ObjectId, Overlay, Pods, Provided,
};

pub use images::RookCephImages;
pub use pools::{
    BlockPool, BucketClass, FailureDomain, FileSystem, ObjectStore, Reclaim, Redundancy,
    StorageClass,
};
pub use storage::{Storage, StorageNode};

use crate::chart_release::Upstream;
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::ROOK_CEPH;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

/// The chart of the operator that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://charts.rook.io/release", "rook-ceph", "v1.20.6").aliased("rook-release");
/// The chart of the drivers that is known.
pub const DRIVERS_UPSTREAM: Upstream = Upstream::new(
    "https://ceph.github.io/ceph-csi-operator",
    "ceph-csi-drivers",
    "1.0.4",
)
.aliased("ceph-csi-operator");
/// The chart of the cluster that is known.
pub const CLUSTER_UPSTREAM: Upstream = Upstream::new(
    "https://charts.rook.io/release",
    "rook-ceph-cluster",
    "v1.20.6",
)
.aliased("rook-release");

/// Rook, in three releases in this order: the operator with the definitions, the drivers by which pods get volumes, and the
/// Ceph cluster itself.
///
/// Needs Kubernetes 1.31. The pods that the operators make have paths of the node and all rights, so the namespace takes
/// privileged pods. What goes takes data with it: a pool that is left out of the list, a file system, the definitions, the
/// namespace. Remove the cluster before the operator. Of the pods that the operators make only those of the drivers are counted:
/// how many there are of Ceph depends on the disks.
///
/// ```
/// use stack_catalog::components::RookCeph;
/// use stack_catalog::components::rook_ceph::{BlockPool, Cluster, Storage};
///
/// let rook = RookCeph {
///     cluster: Some(Cluster {
///         storage: Storage::Devices("^nvme[1-3]n1$".into()),
///         block_pools: vec![BlockPool::new("replicated")],
///         ..Cluster::default()
///     }),
///     ..RookCeph::default()
/// };
/// let bundle = stack_catalog::platform("prod", "example.com").with(rook).build()?;
/// let values = &bundle.release("rook-ceph-cluster").unwrap().values;
/// assert_eq!(values["cephClusterSpec"]["storage"]["useAllDevices"], false);
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RookCeph {
    /// Where all of it runs. Default: a namespace `rook-ceph` of its own, at the level `privileged`.
    pub home: Home,
    /// The version of the charts of Rook. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The version of the chart of the drivers. Default: that of [`DRIVERS_UPSTREAM`].
    pub drivers_version: String,
    /// Whether the release of the operator brings the definitions. Default: yes; switched off later, it deletes them and all
    /// data with them.
    pub definitions: bool,
    /// What the operator asks for and may use.
    pub operator: Resources,
    /// What pods can get. Default: volumes and shared folders.
    pub drivers: BTreeSet<Driver>,
    /// How many controllers each driver has; one leads. Default: 2; one in a small stack.
    pub driver_controllers: u32,
    /// The Ceph cluster; `None` for none, when it is made elsewhere. Default: one of three monitors, on volumes that it claims.
    pub cluster: Option<Cluster>,
    /// Whether it is scraped, and alerts come with it.
    pub monitoring: Monitoring,
    /// Values of one's own for the operator's release, merged over the others.
    pub overlay: Overlay,
    /// Values of one's own for the release of the drivers.
    pub drivers_overlay: Overlay,
    /// Values of one's own for the release of the cluster.
    pub cluster_overlay: Overlay,
    /// Where the images come from.
    pub images: RookCephImages,
}

/// What pods can get of Ceph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// Block volumes, each for the pods of one node.
    Rbd,
    /// Folders that many pods share.
    CephFs,
    /// Folders by NFS.
    Nfs,
    /// Volumes by NVMe over the network.
    NvmeOf,
}

impl Driver {
    /// All of them.
    pub const ALL: [Driver; 4] = [Self::Rbd, Self::CephFs, Self::Nfs, Self::NvmeOf];

    /// As the charts and the provisioners of StorageClasses have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rbd => "rbd",
            Self::CephFs => "cephfs",
            Self::Nfs => "nfs",
            Self::NvmeOf => "nvmeof",
        }
    }
}

/// A Ceph cluster: its daemons, the disks that it takes, and its pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// How many monitors: an odd number, of which more than half must be there. Default: 3.
    pub monitors: u32,
    /// How many managers, 1 or 2. Default: 2; one in a small stack.
    pub managers: u32,
    /// On what the data lies. Default: on three volumes of 100 GiB that it claims.
    pub storage: Storage,
    /// The folder on each node where monitors and their like keep what they know. Default: `/var/lib/rook`.
    pub data_path: String,
    /// Whether what goes between the daemons and to clients is encrypted: needs kernels from 5.11 on. Default: no.
    pub encrypted_traffic: bool,
    /// Whether each disk is encrypted. Default: no.
    pub encrypted_disks: bool,
    /// Ceph's dashboard, by TLS with a certificate that it signs itself. Default: yes.
    pub dashboard: bool,
    /// A pod with Ceph's commands. Default: yes.
    pub toolbox: bool,
    /// What a monitor asks for and may use.
    pub monitor_resources: Resources,
    /// What a manager asks for and may use.
    pub manager_resources: Resources,
    /// What the daemon of a disk asks for and may use. Ceph takes its cache from the bound.
    pub disk_resources: Resources,
    /// Pools of volumes. Default: one, `ceph-blockpool`, with the StorageClass `ceph-block`.
    pub block_pools: Vec<BlockPool>,
    /// File systems. Default: one, `ceph-filesystem`, with a StorageClass of this name.
    pub file_systems: Vec<FileSystem>,
    /// Stores of buckets. Default: none.
    pub object_stores: Vec<ObjectStore>,
    /// Whether there are VolumeSnapshotClasses; their definitions must be there before. Default: no.
    pub snapshot_classes: bool,
}

impl Default for Cluster {
    fn default() -> Self {
        Cluster {
            monitors: 3,
            managers: 2,
            storage: Storage::default(),
            data_path: "/var/lib/rook".into(),
            encrypted_traffic: false,
            encrypted_disks: false,
            dashboard: true,
            toolbox: true,
            monitor_resources: Resources::new("500m", "1Gi").memory_limit("2Gi"),
            manager_resources: Resources::new("500m", "512Mi").memory_limit("1Gi"),
            disk_resources: Resources::new("1", "4Gi"),
            block_pools: vec![BlockPool {
                class: Some(StorageClass::new("ceph-block")),
                ..BlockPool::new("ceph-blockpool")
            }],
            file_systems: vec![FileSystem {
                class: Some(StorageClass::new("ceph-filesystem")),
                ..FileSystem::new("ceph-filesystem")
            }],
            object_stores: Vec::new(),
            snapshot_classes: false,
        }
    }
}

impl Default for RookCeph {
    fn default() -> Self {
        RookCeph {
            home: Home::own("rook-ceph"),
            version: UPSTREAM.version.into(),
            drivers_version: DRIVERS_UPSTREAM.version.into(),
            definitions: true,
            operator: Resources::new("200m", "128Mi").memory_limit("512Mi"),
            drivers: [Driver::Rbd, Driver::CephFs].into(),
            driver_controllers: 2,
            cluster: Some(Cluster::default()),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            drivers_overlay: Overlay::new(),
            cluster_overlay: Overlay::new(),
            images: RookCephImages::default(),
        }
    }
}

impl RookCeph {
    /// The pods that the operator of the drivers makes.
    fn driver_pods(&self) -> Pods {
        let controllers = Pods::exactly(self.driver_controllers);
        let one = controllers + Pods::each_worker().on_host_network();
        let drivers = self.drivers.iter();
        drivers.fold(Pods::default(), |pods, _| pods + one)
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        if self.definitions {
            provide::groups(out, ["ceph.rook.io", "csi.ceph.io", "objectbucket.io"]);
        }
        provide::accounts(out, namespace, ["rook-ceph-system", "rook-ceph-default"]);
        let Some(cluster) = &self.cluster else {
            return;
        };
        let made = |kind: &str, group: &str, namespace: Option<&str>, name: &str, by: &str| {
            Provided::Made {
                object: ObjectId::new(group, kind, namespace, name),
                by: by.into(),
            }
        };
        if cluster.dashboard {
            let name = "rook-ceph-mgr-dashboard";
            out.provides(made(
                "Service",
                "v1",
                Some(namespace),
                name,
                "the Rook operator",
            ));
        }
        for store in &cluster.object_stores {
            let name = format!("rook-ceph-rgw-{}", store.name);
            out.provides(made(
                "Service",
                "v1",
                Some(namespace),
                &name,
                "the Rook operator",
            ));
        }
        for class in pools::class_names(cluster) {
            let by = "the release of the Ceph cluster";
            out.provides(made("StorageClass", "storage.k8s.io/v1", None, class, by));
        }
    }
}

licences! {
    "https://github.com/rook/rook", "Apache-2.0": ["docker.io/rook/ceph"];
    "https://github.com/ceph/ceph-csi-operator", "Apache-2.0": ["quay.io/cephcsi/ceph-csi-operator"];
    "https://github.com/ceph/ceph-csi", "Apache-2.0": ["quay.io/cephcsi/cephcsi"];
    "https://github.com/kubernetes-csi/node-driver-registrar", "Apache-2.0": [
        "registry.k8s.io/sig-storage/csi-node-driver-registrar",
    ];
    "https://github.com/kubernetes-csi/external-provisioner", "Apache-2.0": [
        "registry.k8s.io/sig-storage/csi-provisioner",
    ];
    "https://github.com/kubernetes-csi/external-snapshotter", "Apache-2.0": [
        "registry.k8s.io/sig-storage/csi-snapshotter",
    ];
    "https://github.com/kubernetes-csi/external-attacher", "Apache-2.0": ["registry.k8s.io/sig-storage/csi-attacher"];
    "https://github.com/kubernetes-csi/external-resizer", "Apache-2.0": ["registry.k8s.io/sig-storage/csi-resizer"];
    "https://github.com/csi-addons/kubernetes-csi-addons", "Apache-2.0": ["quay.io/csiaddons/k8s-sidecar"];
    "https://github.com/ceph/ceph", "LGPL-2.1-only OR LGPL-3.0-only": ["quay.io/ceph/ceph"];
}

impl Component for RookCeph {
    at_home!(ROOK_CEPH, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    /// The number of monitors and of copies stays: that of a cluster with data is not changed by the way.
    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            let one = size == Size::Small;
            self.driver_controllers = if one { 1 } else { 2 };
            if let Some(cluster) = &mut self.cluster {
                cluster.managers = if one { 1 } else { 2 };
            }
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(PodSecurity::Privileged, out)?;
        let operator = release::operator(self, context, out)?;
        out.release(operator.running(Pods::exactly(2)));
        let drivers = release::drivers(self)?;
        out.release(drivers.running(self.driver_pods()));
        if let Some(cluster) = &self.cluster {
            let release = release::cluster(self, cluster, context, out)?;
            let toolbox = Pods::exactly(u32::from(cluster.toolbox));
            out.release(release.running(toolbox));
            verify::wait(self, out);
        }
        self.provide(out);
        out.check(check::of(self));
        verify::ask(self, out);
        Ok(())
    }
}
