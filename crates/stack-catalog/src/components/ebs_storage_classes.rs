//! StorageClasses of the EBS CSI driver.

use std::collections::BTreeSet;

use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Finding, Severity, Subject,
};
use stack_cluster::StorageNeed;
pub use stack_cluster::{DEFAULT_CLASS, EBS as PROVISIONER};

use crate::ids::EBS_STORAGE_CLASSES;
use crate::sizes::refused;

/// StorageClasses for volumes of Amazon EBS. The driver itself comes with the cluster, as an add-on of EKS with an IAM role.
///
/// ```
/// use stack_catalog::components::EbsStorageClasses;
/// use stack_catalog::components::ebs_storage_classes::{EbsClass, EbsType};
///
/// let databases = EbsClass::new("databases", EbsType::Io2 { iops: 16_000 }).retained();
/// let classes = EbsStorageClasses { classes: vec![EbsClass::gp3("gp3").by_default(), databases] };
/// let bundle = stack_catalog::platform("prod", "example.com").with(classes).build()?;
/// assert!(bundle.object("StorageClass", None, "databases").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EbsStorageClasses {
    /// The classes. Default: `gp3`, encrypted, the default class of the cluster.
    pub classes: Vec<EbsClass>,
}

/// One StorageClass. Volumes are made where the pod runs that needs them, and can grow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EbsClass {
    /// The name by which claims ask for it.
    pub name: String,
    /// The type of the volumes.
    pub volume: EbsType,
    /// Whether they are encrypted. Default: yes.
    pub encrypted: bool,
    /// The key of KMS, by its ARN; `None` for the account's default one.
    pub kms_key: Option<String>,
    /// Whether a volume stays when its claim goes. Default: no.
    pub retain: bool,
    /// Whether claims get it that name none. Default: no; one class of a cluster at most.
    pub default: bool,
    /// The file system. Default: `ext4`.
    pub file_system: String,
}

/// A type of EBS volumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EbsType {
    /// Solid-state disks whose operations and throughput are chosen apart from their size.
    Gp3 {
        /// Operations per second, 3000 to 16000.
        iops: u32,
        /// MiB per second, 125 to 1000, and at most a quarter of the operations.
        throughput: u32,
    },
    /// Solid-state disks for databases: up to 256,000 operations a second, which are paid for.
    Io2 {
        /// Operations per second, 100 to 256000.
        iops: u32,
    },
    /// Magnetic disks for large files that are read from start to end.
    St1,
}

impl EbsType {
    /// What the driver is told.
    fn parameters(self) -> Vec<(&'static str, String)> {
        match self {
            EbsType::Gp3 { iops, throughput } => vec![
                ("type", "gp3".into()),
                ("iops", iops.to_string()),
                ("throughput", throughput.to_string()),
            ],
            EbsType::Io2 { iops } => vec![("type", "io2".into()), ("iops", iops.to_string())],
            EbsType::St1 => vec![("type", "st1".into())],
        }
    }

    /// What AWS takes, where this is something else.
    fn fault(self) -> Option<&'static str> {
        match self {
            EbsType::Gp3 { iops, throughput } => {
                let possible = (3000..=16_000).contains(&iops)
                    && (125..=1000).contains(&throughput)
                    && throughput <= iops / 4;
                (!possible).then_some(
                    "3000 to 16000 operations, and 125 to 1000 MiB/s, at most a quarter of the operations",
                )
            }
            EbsType::Io2 { iops } => {
                (!(100..=256_000).contains(&iops)).then_some("100 to 256000 operations")
            }
            EbsType::St1 => None,
        }
    }
}

impl EbsClass {
    /// Encrypted volumes of a type.
    pub fn new(name: &str, volume: EbsType) -> Self {
        EbsClass {
            name: name.to_owned(),
            volume,
            encrypted: true,
            kms_key: None,
            retain: false,
            default: false,
            file_system: "ext4".to_owned(),
        }
    }

    /// General purpose with what every volume has: 3000 operations and 125 MiB per second.
    pub fn gp3(name: &str) -> Self {
        let volume = EbsType::Gp3 {
            iops: 3000,
            throughput: 125,
        };
        Self::new(name, volume)
    }

    /// The same, for claims that name no class.
    #[must_use]
    pub fn by_default(mut self) -> Self {
        self.default = true;
        self
    }

    /// The same, with volumes that stay when their claims go.
    #[must_use]
    pub fn retained(mut self) -> Self {
        self.retain = true;
        self
    }

    /// The class as what a stack needs of its cluster, for [`ClusterNeeds`](stack_cluster::ClusterNeeds).
    pub fn need(&self) -> StorageNeed {
        let parameters = self.volume.parameters().into_iter();
        let need = parameters.fold(
            StorageNeed::new(&self.name, PROVISIONER),
            |need, (key, value)| need.with(key, value),
        );
        let mut need = need
            .with("encrypted", self.encrypted.to_string())
            .with("csi.storage.k8s.io/fstype", &self.file_system);
        if let Some(key) = &self.kms_key {
            need = need.with("kmsKeyId", key);
        }
        need.is_default = self.default;
        need.keeps_volumes = Some(self.retain);
        need
    }
}

impl Default for EbsStorageClasses {
    fn default() -> Self {
        EbsStorageClasses {
            classes: vec![EbsClass::gp3("gp3").by_default()],
        }
    }
}

/// One class of a cluster at most is the default one: else the newest wins, and nobody knows which that is.
fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let defaults: BTreeSet<&str> = bundle
        .of_kind("storage.k8s.io", "StorageClass")
        .filter(|class| class.value()["metadata"]["annotations"][DEFAULT_CLASS] == "true")
        .map(|class| class.id().name.as_str())
        .collect();
    if defaults.len() > 1 {
        let names: Vec<&str> = defaults.into_iter().collect();
        let message = format!("several classes are the default one: {}", names.join(", "));
        let finding = Finding::new(
            "default-storage-class",
            Severity::Error,
            Subject::Stack,
            message,
        );
        findings.push(finding.remedy("let one of them be it"));
    }
}

impl Component for EbsStorageClasses {
    fn id(&self) -> &str {
        EBS_STORAGE_CLASSES
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        for class in &self.classes {
            if let Some(expected) = class.volume.fault() {
                let found = format!("{:?}", class.volume);
                return Err(refused("classes.volume", found, expected));
            }
            out.object("storage-classes.yaml", class.need().object())?;
        }
        out.check(check);
        let names = self.classes.iter().map(|class| class.name.clone());
        let questions = out.questions();
        questions.names("EBS-1", "the classes", &["storageclasses"], names.collect());
        questions.names(
            "EBS-2",
            "the driver is there",
            &["csidrivers"],
            vec![PROVISIONER.to_owned()],
        );
        Ok(())
    }
}
