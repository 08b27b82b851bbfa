//! Pools, file systems and stores of buckets, with the classes by which pods get of them.

use serde_json::{Value, json};
use stack_builder::ComponentError;

use super::{Cluster, Driver};
use crate::sizes::{Resources, refused};

/// What may be lost at once without losing data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailureDomain {
    /// A disk: for tests on one node.
    Disk,
    /// Copies lie on different nodes: one may fail.
    #[default]
    Host,
    /// A zone, by the label `topology.kubernetes.io/zone` of nodes.
    Zone,
}

impl FailureDomain {
    fn name(self) -> &'static str {
        match self {
            Self::Disk => "osd",
            Self::Host => "host",
            Self::Zone => "zone",
        }
    }
}

/// What becomes of data when its claim goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reclaim {
    /// The data is deleted with its claim.
    #[default]
    Delete,
    /// It stays, until somebody removes it.
    Retain,
}

impl Reclaim {
    fn name(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
        }
    }
}

/// The StorageClass by which claims ask for volumes of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageClass {
    /// The name by which others ask for it.
    pub name: String,
    /// Whether claims that name no class get this one. Default: no; a cluster has one such class.
    pub is_default: bool,
    /// What becomes of a volume when its claim goes. Default: it goes.
    pub reclaim: Reclaim,
    /// The file system on volumes. Default: `ext4`.
    pub file_system: String,
}

impl StorageClass {
    /// A class that is not the default one.
    pub fn new(name: &str) -> Self {
        StorageClass {
            name: name.to_owned(),
            is_default: false,
            reclaim: Reclaim::default(),
            file_system: "ext4".into(),
        }
    }

    fn values(&self, driver: Driver, namespace: &str, extra: &[(&str, &str)]) -> Value {
        let mut parameters = json!({"csi.storage.k8s.io/fstype": self.file_system});
        for (stage, who) in [
            ("provisioner", "provisioner"),
            ("controller-expand", "provisioner"),
            ("controller-publish", "provisioner"),
            ("node-stage", "node"),
        ] {
            let secret = format!("rook-csi-{}-{who}", driver.name());
            parameters[format!("csi.storage.k8s.io/{stage}-secret-name")] = secret.into();
            parameters[format!("csi.storage.k8s.io/{stage}-secret-namespace")] = namespace.into();
        }
        for (key, value) in extra {
            parameters[*key] = (*value).into();
        }
        json!({
            "enabled": true,
            "name": self.name,
            "isDefault": self.is_default,
            "reclaimPolicy": self.reclaim.name(),
            "allowVolumeExpansion": true,
            "volumeBindingMode": "Immediate",
            "parameters": parameters,
        })
    }
}

/// A pool from which volumes for one pod each are cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPool {
    /// The name by which others ask for it.
    pub name: String,
    /// How many copies of everything. Default: 3.
    pub copies: u32,
    /// No two copies lie in one of these. Default: a node.
    pub apart: FailureDomain,
    /// The StorageClass; `None` for none. Default: one with the pool's name.
    pub class: Option<StorageClass>,
}

impl BlockPool {
    /// A pool of three copies, with a StorageClass of the same name.
    pub fn new(name: &str) -> Self {
        BlockPool {
            name: name.to_owned(),
            copies: 3,
            apart: FailureDomain::default(),
            class: Some(StorageClass::new(name)),
        }
    }

    fn values(&self, field: &str, namespace: &str) -> Result<Value, ComponentError> {
        let class = match &self.class {
            Some(class) => {
                let image = [("imageFormat", "2"), ("imageFeatures", "layering")];
                class.values(Driver::Rbd, namespace, &image)
            }
            None => json!({"enabled": false}),
        };
        Ok(json!({
            "name": self.name,
            "spec": {
                "failureDomain": self.apart.name(),
                "replicated": copies(self.copies, field)?,
            },
            "storageClass": class,
        }))
    }
}

/// A file system that pods share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// The name by which others ask for it.
    pub name: String,
    /// How many copies of everything. Default: 3.
    pub copies: u32,
    /// No two copies lie in one of these. Default: a node.
    pub apart: FailureDomain,
    /// How many servers of its folders are at work; each has another that waits. Default: 1.
    pub active_servers: u32,
    /// What one server asks for and may use.
    pub server_resources: Resources,
    /// The StorageClass; `None` for none. Default: one with the file system's name.
    pub class: Option<StorageClass>,
}

impl FileSystem {
    /// A file system of three copies, with a StorageClass of the same name.
    pub fn new(name: &str) -> Self {
        FileSystem {
            name: name.to_owned(),
            copies: 3,
            apart: FailureDomain::default(),
            active_servers: 1,
            server_resources: Resources::new("1", "4Gi"),
            class: Some(StorageClass::new(name)),
        }
    }

    fn values(&self, field: &str, namespace: &str) -> Result<Value, ComponentError> {
        if self.active_servers == 0 {
            return Err(refused(&format!("{field}.active_servers"), 0, "at least 1"));
        }
        let class = match &self.class {
            Some(class) => {
                let mut class = class.values(Driver::CephFs, namespace, &[]);
                class["pool"] = "data0".into();
                class
            }
            None => json!({"enabled": false}),
        };
        let resources = self
            .server_resources
            .to_value(&format!("{field}.server_resources"))?;
        let pool = copies(self.copies, field)?;
        Ok(json!({
            "name": self.name,
            "spec": {
                "metadataPool": {"failureDomain": self.apart.name(), "replicated": pool},
                "dataPools": [{
                    "name": "data0",
                    "failureDomain": self.apart.name(),
                    "replicated": pool,
                }],
                "metadataServer": {
                    "activeCount": self.active_servers,
                    "activeStandby": true,
                    "resources": resources,
                    "priorityClassName": "system-cluster-critical",
                },
            },
            "storageClass": class,
        }))
    }
}

/// How data is kept more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redundancy {
    /// Each object whole, so many times.
    Copies(u32),
    /// Pieces, any `data` of which are enough.
    Erasure {
        /// How many pieces data is cut into.
        data: u32,
        /// How many further pieces there are, which may be lost.
        coding: u32,
    },
}

/// A store of buckets, spoken to as S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectStore {
    /// Its name; its Service is `rook-ceph-rgw-NAME`.
    pub name: String,
    /// How data is kept. Default: in pieces, two of three of which are enough.
    pub data: Redundancy,
    /// No two copies or pieces lie in one of these. Default: a node.
    pub apart: FailureDomain,
    /// How many gateways answer. Default: 2.
    pub gateways: u32,
    /// The port of its Service. Default: 80.
    pub port: u16,
    /// What one gateway asks for and may use.
    pub gateway_resources: Resources,
    /// The class for ObjectBucketClaims; `None` for none. Default: one with the store's name.
    pub class: Option<BucketClass>,
}

/// The class by which ObjectBucketClaims get buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketClass {
    /// The name by which others ask for it.
    pub name: String,
    /// The region that S3 clients must name. Default: `us-east-1`.
    pub region: String,
    /// What becomes of a bucket when its claim goes.
    pub reclaim: Reclaim,
}

impl ObjectStore {
    /// A store with a class of the same name.
    pub fn new(name: &str) -> Self {
        ObjectStore {
            name: name.to_owned(),
            data: Redundancy::Erasure { data: 2, coding: 1 },
            apart: FailureDomain::default(),
            gateways: 2,
            port: 80,
            gateway_resources: Resources::new("1", "1Gi").memory_limit("2Gi"),
            class: Some(BucketClass {
                name: name.to_owned(),
                region: "us-east-1".into(),
                reclaim: Reclaim::default(),
            }),
        }
    }

    fn values(&self, field: &str) -> Result<Value, ComponentError> {
        if self.gateways == 0 {
            return Err(refused(&format!("{field}.gateways"), 0, "at least 1"));
        }
        let mut data = json!({"failureDomain": self.apart.name()});
        match self.data {
            Redundancy::Copies(number) => data["replicated"] = copies(number, field)?,
            Redundancy::Erasure {
                data: pieces,
                coding,
            } => {
                if pieces < 2 || coding == 0 {
                    let found = format!("{pieces} and {coding}");
                    let expected = "at least 2 pieces, and one that may be lost";
                    return Err(refused(&format!("{field}.data"), found, expected));
                }
                data["erasureCoded"] = json!({"dataChunks": pieces, "codingChunks": coding});
            }
        }
        let resources = self
            .gateway_resources
            .to_value(&format!("{field}.gateway_resources"))?;
        let class = match &self.class {
            Some(class) => json!({
                "enabled": true,
                "name": class.name,
                "reclaimPolicy": class.reclaim.name(),
                "volumeBindingMode": "Immediate",
                "parameters": {"region": class.region},
            }),
            None => json!({"enabled": false}),
        };
        Ok(json!({
            "name": self.name,
            "spec": {
                "metadataPool": {
                    "failureDomain": self.apart.name(),
                    "replicated": {"size": 3},
                },
                "dataPool": data,
                "preservePoolsOnDelete": true,
                "gateway": {
                    "port": self.port,
                    "instances": self.gateways,
                    "resources": resources,
                    "priorityClassName": "system-cluster-critical",
                },
            },
            "storageClass": class,
            // The templates ask for both.
            "ingress": {"enabled": false},
            "route": {"enabled": false},
        }))
    }
}

/// As a pool has it; one copy has to be meant.
fn copies(number: u32, field: &str) -> Result<Value, ComponentError> {
    match number {
        0 => Err(refused(&format!("{field}.copies"), 0, "at least 1")),
        1 => Ok(json!({"size": 1, "requireSafeReplicaSize": false})),
        number => Ok(json!({"size": number})),
    }
}

/// The three lists of a cluster: block pools, file systems, stores.
pub(super) fn lists(cluster: &Cluster, namespace: &str) -> Result<[Value; 3], ComponentError> {
    let field = |list: &str, at: usize| format!("cluster.{list}[{at}]");
    let blocks = cluster.block_pools.iter().enumerate();
    let blocks: Result<Value, _> = blocks
        .map(|(at, pool)| pool.values(&field("block_pools", at), namespace))
        .collect();
    let systems = cluster.file_systems.iter().enumerate();
    let systems: Result<Value, _> = systems
        .map(|(at, system)| system.values(&field("file_systems", at), namespace))
        .collect();
    let stores = cluster.object_stores.iter().enumerate();
    let stores: Result<Value, _> = stores
        .map(|(at, store)| store.values(&field("object_stores", at)))
        .collect();
    Ok([blocks?, systems?, stores?])
}

/// The StorageClasses for volumes and folders.
pub(super) fn classes(cluster: &Cluster) -> impl Iterator<Item = &StorageClass> {
    let blocks = cluster
        .block_pools
        .iter()
        .filter_map(|pool| pool.class.as_ref());
    let systems = cluster.file_systems.iter();
    blocks.chain(systems.filter_map(|system| system.class.as_ref()))
}

/// The names of all classes.
pub(super) fn class_names(cluster: &Cluster) -> impl Iterator<Item = &str> {
    let stores = cluster.object_stores.iter();
    let buckets = stores.filter_map(|store| store.class.as_ref());
    let buckets = buckets.map(|class| class.name.as_str());
    classes(cluster)
        .map(|class| class.name.as_str())
        .chain(buckets)
}
