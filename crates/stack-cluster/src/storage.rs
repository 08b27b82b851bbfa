//! Storage classes.

use std::collections::BTreeMap;

use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// The annotation of the class that claims get which name none.
pub const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";

/// The name of the driver for volumes of AWS EBS.
pub const EBS: &str = "ebs.csi.aws.com";

/// A storage class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageNeed {
    /// The name by which volumes ask for it.
    pub name: String,
    /// The driver that makes the volumes.
    pub provisioner: String,
    /// What the driver is told.
    pub parameters: BTreeMap<String, String>,
    /// Whether volumes that name no class are of this one. Default: no.
    pub is_default: bool,
    /// Whether a volume may grow. Default: yes.
    pub may_grow: bool,
    /// Whether a volume waits for its first pod, and is made in the pod's zone. Default: yes.
    pub waits_for_pod: bool,
    /// Whether a volume stays when its claim goes. Default: `None`, which Kubernetes takes as no.
    pub keeps_volumes: Option<bool>,
}

impl StorageNeed {
    /// Volumes of a driver.
    pub fn new(name: impl Into<String>, provisioner: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            provisioner: provisioner.into(),
            parameters: BTreeMap::new(),
            is_default: false,
            may_grow: true,
            waits_for_pod: true,
            keeps_volumes: None,
        }
    }

    /// Volumes of AWS EBS of the type gp3, with what it gives at no extra price: 3000 operations and 125 MiB a second.
    pub fn gp3(name: impl Into<String>) -> Self {
        let parameters = [("type", "gp3"), ("iops", "3000"), ("throughput", "125")];
        parameters
            .into_iter()
            .fold(Self::new(name, EBS), |need, (key, value)| {
                need.with(key, value)
            })
    }

    /// The same, with something that the driver is told.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(key.into(), value.into());
        self
    }

    /// The same for volumes that name no class.
    #[must_use]
    pub fn by_default(mut self) -> Self {
        self.is_default = true;
        self
    }

    /// The object.
    pub fn object(&self) -> StorageClass {
        let annotations = [(DEFAULT_CLASS.to_owned(), "true".to_owned())];
        let policy = |keeps| if keeps { "Retain" } else { "Delete" }.to_owned();
        StorageClass {
            metadata: ObjectMeta {
                name: Some(self.name.clone()),
                annotations: self.is_default.then(|| annotations.into()),
                ..ObjectMeta::default()
            },
            provisioner: self.provisioner.clone(),
            parameters: (!self.parameters.is_empty()).then(|| self.parameters.clone()),
            reclaim_policy: self.keeps_volumes.map(policy),
            allow_volume_expansion: self.may_grow.then_some(true),
            volume_binding_mode: self.waits_for_pod.then(|| "WaitForFirstConsumer".into()),
            ..StorageClass::default()
        }
    }
}
