//! Velero: backups of objects and volumes.

use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Questions,
    Release,
};
use velero_types::v1::Schedule;

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::VELERO;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::object_store::{AzureCredentials, GcsCredentials, ObjectStore};
use crate::provide;
use crate::sizes::{Resources, refused};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://vmware-tanzu.github.io/helm-charts",
    "velero",
    "12.1.0",
)
.aliased("vmware-tanzu");

/// Velero, the place to which it writes, and what it backs up when.
///
/// Its definitions lie in the chart's `crds/`, which Helm installs once; a Job of the release applies newer ones before an upgrade
/// (see [`Velero::upgrade_definitions`]). They stay when the release goes, and with them the list of backups. There are no
/// webhooks. On a restore, policies and webhooks judge each object as if it came anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Velero {
    /// Where it runs. Default: a namespace `velero` of its own: `baseline`, or `privileged` with node agents.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The store in which backups are kept: another one than that of the cluster itself. A Secret of its credentials has the key
    /// `cloud` here: a credentials file of the AWS command line, the key file of a service account of Google, or a line
    /// `AZURE_STORAGE_KEY=...`.
    pub store: ObjectStore,
    /// The bucket, or the container of an Azure account, which must be there before.
    pub bucket: String,
    /// Whether volumes are copied as CSI snapshots. Needs a CSI driver with snapshots, and a VolumeSnapshotClass. Default: yes.
    pub csi_snapshots: bool,
    /// How the files of volumes get into the bucket. Default: not at all.
    pub files: Files,
    /// Whether a Job of the release applies newer definitions before an upgrade. Argo CD would run it at each sync: switch it off
    /// there, and apply the definitions apart. Default: yes.
    pub upgrade_definitions: bool,
    /// What the server asks for and may use.
    pub resources: Resources,
    /// What each node agent asks for and may use, where there are any.
    pub node_agent_resources: Resources,
    /// What is backed up when; one without a namespace is put into that of the component.
    pub schedules: Vec<Schedule>,
    /// Whether Prometheus gets a ServiceMonitor for the server.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: VeleroImages,
}

/// How the files of volumes get into the bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Files {
    /// Not at all: snapshots stay where the volumes are.
    #[default]
    Nowhere,
    /// Agents on all nodes copy those of pods and volumes that ask for it, and move snapshots.
    WhereAsked,
    /// Agents on all nodes copy those of every volume that does not opt out.
    Everywhere,
}

/// The images of Velero, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VeleroImages {
    /// `image`: the server, the node agents, and the Job of the definitions.
    pub velero: String,
    /// The init container that brings the plugin for S3; as the two below, it belongs to the server's version.
    pub aws_plugin: String,
    /// The plugin for Google Cloud Storage.
    pub gcp_plugin: String,
    /// The plugin for Azure Blob Storage.
    pub azure_plugin: String,
}

impl Default for VeleroImages {
    fn default() -> Self {
        VeleroImages {
            velero: "docker.io/velero/velero:v1.18.1".into(),
            aws_plugin: "docker.io/velero/velero-plugin-for-aws:v1.14.1".into(),
            gcp_plugin: "docker.io/velero/velero-plugin-for-gcp:v1.14.1".into(),
            azure_plugin: "docker.io/velero/velero-plugin-for-microsoft-azure:v1.14.1".into(),
        }
    }
}

impl Velero {
    /// Velero with a bucket of a store.
    pub fn new(store: impl Into<ObjectStore>, bucket: &str) -> Self {
        Velero {
            home: Home::own("velero"),
            version: UPSTREAM.version.into(),
            store: store.into(),
            bucket: bucket.to_owned(),
            csi_snapshots: true,
            files: Files::default(),
            upgrade_definitions: true,
            resources: Resources::new("200m", "256Mi").memory_limit("1Gi"),
            node_agent_resources: Resources::new("100m", "256Mi").memory_limit("1Gi"),
            schedules: Vec::new(),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: VeleroImages::default(),
        }
    }

    /// What Velero calls the store, and the plugin that knows it, by its name and image.
    fn plugin(&self) -> (&'static str, &'static str, &str) {
        let images = &self.images;
        match &self.store {
            ObjectStore::S3(_) => ("aws", "velero-plugin-for-aws", &images.aws_plugin),
            ObjectStore::Gcs(_) => ("gcp", "velero-plugin-for-gcp", &images.gcp_plugin),
            ObjectStore::Azure { .. } => (
                "azure",
                "velero-plugin-for-microsoft-azure",
                &images.azure_plugin,
            ),
        }
    }

    /// What the plugin is told of the store.
    fn config(&self) -> Result<Value, ComponentError> {
        Ok(match &self.store {
            ObjectStore::S3(store) => {
                let mut config = json!({"region": store.region});
                if let Some(endpoint) = &store.endpoint {
                    let scheme = if store.plain_http { "http" } else { "https" };
                    config["s3Url"] = format!("{scheme}://{endpoint}").into();
                    config["s3ForcePathStyle"] = "true".into();
                }
                config
            }
            // Signed links, by which logs of backups are fetched, need somebody who signs.
            ObjectStore::Gcs(GcsCredentials::WorkloadIdentity(account)) => {
                json!({"serviceAccount": account})
            }
            ObjectStore::Gcs(GcsCredentials::Secret(_)) => json!({}),
            ObjectStore::Azure {
                account,
                credentials: AzureCredentials::Secret(_),
            } => json!({"storageAccount": account, "storageAccountKeyEnvVar": "AZURE_STORAGE_KEY"}),
            ObjectStore::Azure { .. } => {
                let expected = "AzureCredentials::Secret: the plugin reads subscription and group from a file in any case";
                return Err(refused("store.credentials", "WorkloadIdentity", expected));
            }
        })
    }

    fn has_agents(&self) -> bool {
        self.files != Files::Nowhere
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        self.store.check("store")?;
        let (provider, name, plugin) = self.plugin();
        let plugin = out.commented_image(
            "initContainers",
            plugin,
            "brings the plugin of the object store",
        )?;
        let mut release = ChartRelease::new(
            VELERO,
            &UPSTREAM,
            &self.version,
            &json!({
                "resources": self.resources.to_value("resources")?,
                "initContainers": [{
                    "name": name,
                    "image": plugin.to_string(),
                    "volumeMounts": [{"mountPath": "/target", "name": "plugins"}],
                }],
                "configuration": {
                    "backupStorageLocation": [{
                        "name": "default",
                        "provider": provider,
                        "bucket": self.bucket,
                        "default": true,
                        "config": self.config()?,
                    }],
                    "uploaderType": "kopia",
                    "defaultVolumesToFsBackup": self.files == Files::Everywhere,
                },
                "snapshotsEnabled": self.csi_snapshots,
                "deployNodeAgent": self.has_agents(),
                "upgradeCRDs": self.upgrade_definitions,
                "cleanUpCRDs": false,
            }),
        )?;
        if self.csi_snapshots {
            release.set("configuration.features", "EnableCSI");
            // Snapshots are CSI's, which needs no place of its own; the chart has one that is half empty.
            release.set("configuration.volumeSnapshotLocation", json!([]));
        }
        match self.store.secret() {
            Some(secret) => release.set("credentials.existingSecret", secret),
            None => release.set("credentials.useSecret", false),
        }
        let annotations = self.store.account_annotations();
        release.set_some("serviceAccount.server.annotations", annotations);
        if self.has_agents() {
            let resources = self.node_agent_resources.to_value("node_agent_resources")?;
            release.set("nodeAgent.resources", resources);
            release.set("nodeAgent.tolerations", json!([{"operator": "Exists"}]));
        }
        if self.monitoring.is_on(context) {
            release.set("metrics.serviceMonitor.enabled", true);
        }
        let (image, default) = (&self.images.velero, VeleroImages::default().velero);
        release.image(out, "image", ImageForm::Repository, image, &default)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

licences! {
    "https://github.com/vmware-tanzu/velero-plugin-for-gcp", "Apache-2.0": ["docker.io/velero/velero-plugin-for-gcp"];
    "https://github.com/vmware-tanzu/velero-plugin-for-microsoft-azure", "Apache-2.0": [
        "docker.io/velero/velero-plugin-for-microsoft-azure",
    ];
    "https://github.com/vmware-tanzu/velero", "Apache-2.0": ["docker.io/velero/velero"];
    "https://github.com/vmware-tanzu/velero-plugin-for-aws", "Apache-2.0": ["docker.io/velero/velero-plugin-for-aws"];
}

impl Component for Velero {
    at_home!(VELERO, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        let (level, agents) = match self.has_agents() {
            true => (PodSecurity::Privileged, Pods::each_node()),
            false => (PodSecurity::Baseline, Pods::default()),
        };
        self.home.contribute(level, out)?;
        let release = self.release(context, out)?;
        out.release(release.running(Pods::exactly(1) + agents));
        provide::service(out, namespace, VELERO, &[8085]);
        provide::accounts(out, namespace, ["velero-server"]);
        provide::groups(out, ["velero.io"]);
        if let Some(secret) = self.store.secret() {
            // With the key `cloud`, in the format of the AWS command line.
            provide::secret(out, namespace, secret);
        }
        provide::add_in(out, "schedules.yaml", &self.home, &self.schedules)?;
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let namespace = self.home.name();
        questions.pods(
            "VELERO-1",
            "the server runs",
            namespace,
            "deploy=velero",
            Count::exactly(1),
            None,
        );
        if self.has_agents() {
            questions.pods(
                "VELERO-2",
                "an agent runs on each node",
                namespace,
                "name=node-agent",
                bundle.count(Pods::each_node()),
                None,
            );
        }
        questions.kubectl(
            "VELERO-3",
            "the bucket can be reached",
            &[
                "get",
                "backupstoragelocations",
                "-n",
                namespace,
                "--no-headers",
            ],
            stack_builder::Expectation::like("Available", ["default +Available".to_owned()]),
        );
        let names = provide::names(&self.schedules);
        if !names.is_empty() {
            questions.names(
                "VELERO-4",
                "the schedules",
                &["schedules.velero.io", "-n", namespace],
                names,
            );
        }
        Ok(())
    }
}
