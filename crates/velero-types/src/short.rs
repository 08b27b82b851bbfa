//! Short constructors for what people write daily.

use k8s_openapi::api::core::v1::SecretKeySelector;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::v1::{
    BackupHooks, BackupResourceHook, BackupResourceHookSpec, BackupSpec,
    BackupStorageLocationAccessMode, BackupStorageLocationSpec, DeleteBackupRequestSpec, ExecHook,
    ObjectStorageLocation, PolicyType, RestoreSpec, ScheduleSpec, VolumeSnapshotLocationSpec,
};

impl ScheduleSpec {
    /// Such a Backup at each of these times, as cron writes them: `0 3 * * *`.
    pub fn cron(schedule: impl Into<String>, template: BackupSpec) -> Self {
        Self {
            schedule: schedule.into(),
            template,
            paused: None,
            skip_immediately: None,
            use_owner_references_in_backup: None,
        }
    }
}

impl BackupSpec {
    /// All namespaces, and what belongs to none.
    pub fn of_everything() -> Self {
        Self::of_namespaces(["*"])
    }

    /// These namespaces, and what their objects need from outside.
    pub fn of_namespaces<S: Into<String>>(namespaces: impl IntoIterator<Item = S>) -> Self {
        Self {
            included_namespaces: texts(namespaces),
            ..Self::default()
        }
    }

    /// The same without these namespaces.
    #[must_use]
    pub fn without_namespaces<S: Into<String>>(
        mut self,
        namespaces: impl IntoIterator<Item = S>,
    ) -> Self {
        self.excluded_namespaces = texts(namespaces);
        self
    }

    /// The same without these resources: `events`, `deployments.apps`.
    #[must_use]
    pub fn without_resources<S: Into<String>>(
        mut self,
        resources: impl IntoIterator<Item = S>,
    ) -> Self {
        self.excluded_resources = texts(resources);
        self
    }

    /// The same, but only objects with this label, and with those that were asked for before.
    #[must_use]
    pub fn labelled(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let selector = self.label_selector.get_or_insert_default();
        let labels = selector.match_labels.get_or_insert_default();
        labels.insert(key.into(), value.into());
        self
    }

    /// The same, deleted after this time: `720h`.
    #[must_use]
    pub fn kept_for(mut self, ttl: impl Into<String>) -> Self {
        self.ttl = Some(ttl.into());
        self
    }

    /// The same, into this BackupStorageLocation.
    #[must_use]
    pub fn into_location(mut self, location: impl Into<String>) -> Self {
        self.storage_location = Some(location.into());
        self
    }

    /// The same with the files of all volumes of pods, and without snapshots.
    #[must_use]
    pub fn copying_files(mut self) -> Self {
        self.default_volumes_to_fs_backup = Some(true);
        self.snapshot_volumes = Some(false);
        self
    }

    /// The same; the data of CSI snapshots goes to the storage location, so that it outlives the cluster.
    #[must_use]
    pub fn moving_snapshots(mut self) -> Self {
        self.snapshot_move_data = Some(true);
        self
    }

    /// The same with this hook, and with those that were there before.
    #[must_use]
    pub fn with_hook(mut self, hook: BackupResourceHookSpec) -> Self {
        let hooks = self.hooks.get_or_insert_with(BackupHooks::default);
        hooks.resources.push(hook);
        self
    }
}

impl BackupResourceHookSpec {
    /// These commands before and after the volumes of pods with this label are kept.
    pub fn around(
        name: impl Into<String>,
        label: (&str, &str),
        before: ExecHook,
        after: ExecHook,
    ) -> Self {
        let labels = [(label.0.to_owned(), label.1.to_owned())];
        Self {
            name: name.into(),
            excluded_namespaces: Vec::new(),
            excluded_resources: Vec::new(),
            included_namespaces: Vec::new(),
            included_resources: Vec::new(),
            label_selector: Some(LabelSelector {
                match_labels: Some(labels.into()),
                ..LabelSelector::default()
            }),
            post: vec![BackupResourceHook { exec: after }],
            pre: vec![BackupResourceHook { exec: before }],
        }
    }
}

impl ExecHook {
    /// This program with its arguments, in the pod's first container.
    pub fn command<S: Into<String>>(command: impl IntoIterator<Item = S>) -> Self {
        Self {
            command: texts(command),
            container: None,
            on_error: None,
            timeout: None,
        }
    }

    /// The same in this container.
    #[must_use]
    pub fn in_container(mut self, container: impl Into<String>) -> Self {
        self.container = Some(container.into());
        self
    }
}

impl RestoreSpec {
    /// All that this Backup keeps.
    pub fn of_backup(backup: impl Into<String>) -> Self {
        Self {
            backup_name: Some(backup.into()),
            ..Self::default()
        }
    }

    /// All that the newest Backup of this Schedule keeps.
    pub fn of_schedule(schedule: impl Into<String>) -> Self {
        Self {
            schedule_name: Some(schedule.into()),
            ..Self::default()
        }
    }

    /// The same, but only these namespaces.
    #[must_use]
    pub fn only_namespaces<S: Into<String>>(
        mut self,
        namespaces: impl IntoIterator<Item = S>,
    ) -> Self {
        self.included_namespaces = texts(namespaces);
        self
    }

    /// The same, but what was in one namespace goes into another.
    #[must_use]
    pub fn renaming_namespace(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.namespace_mapping.insert(from.into(), to.into());
        self
    }

    /// The same; objects that are there already are patched.
    #[must_use]
    pub fn updating_existing(mut self) -> Self {
        self.existing_resource_policy = Some(PolicyType::Update);
        self
    }
}

impl BackupStorageLocationSpec {
    /// A bucket of this provider: `aws`, `azure`, `gcp`.
    pub fn of(provider: impl Into<String>, bucket: impl Into<String>) -> Self {
        Self {
            object_storage: ObjectStorageLocation {
                bucket: bucket.into(),
                ca_cert: None,
                ca_cert_ref: None,
                prefix: None,
            },
            provider: provider.into(),
            access_mode: None,
            backup_sync_period: None,
            config: [].into(),
            credential: None,
            default: None,
            validation_frequency: None,
        }
    }

    /// A bucket of a store that speaks S3, such as MinIO, at this address.
    pub fn s3_compatible(bucket: impl Into<String>, url: impl Into<String>) -> Self {
        Self::of("aws", bucket)
            .with_config("region", "minio")
            .with_config("s3ForcePathStyle", "true")
            .with_config("s3Url", url)
    }

    /// The same with a setting of the provider's plugin.
    #[must_use]
    pub fn with_config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.insert(key.into(), value.into());
        self
    }

    /// The same in a folder of the bucket.
    #[must_use]
    pub fn below(mut self, prefix: impl Into<String>) -> Self {
        self.object_storage.prefix = Some(prefix.into());
        self
    }

    /// The same with credentials from a key of a Secret in Velero's namespace.
    #[must_use]
    pub fn with_credential(mut self, secret: impl Into<String>, key: impl Into<String>) -> Self {
        self.credential = Some(SecretKeySelector {
            key: key.into(),
            name: secret.into(),
            optional: None,
        });
        self
    }

    /// The same, for backups that name no location.
    #[must_use]
    pub fn as_default(mut self) -> Self {
        self.default = Some(true);
        self
    }

    /// The same, only to restore from.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.access_mode = Some(BackupStorageLocationAccessMode::ReadOnly);
        self
    }
}

impl VolumeSnapshotLocationSpec {
    /// Snapshots of this provider's volumes, with settings of its plugin such as `region`.
    pub fn of<'a>(
        provider: impl Into<String>,
        config: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let config = config.into_iter();
        let config = config.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Self {
            provider: provider.into(),
            config: config.collect(),
            credential: None,
        }
    }
}

impl DeleteBackupRequestSpec {
    /// This Backup, with all that belongs to it.
    pub fn of(backup: impl Into<String>) -> Self {
        Self {
            backup_name: backup.into(),
        }
    }
}

fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
