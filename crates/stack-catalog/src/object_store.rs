//! Buckets in which components keep what must outlive their pods.

use serde_json::{Value, json};
use stack_builder::ComponentError;

use crate::sizes::refused;

/// An object store that speaks S3: AWS, MinIO, Ceph's gateway, and others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3 {
    /// The region; of stores without regions any word will do. Default of [`S3::at`]: `us-east-1`.
    pub region: String,
    /// Host and port, without `https://`; `None` for AWS.
    pub endpoint: Option<String>,
    /// Whether it is asked without TLS. Default: no.
    pub plain_http: bool,
    /// How one is let in.
    pub credentials: Credentials,
}

/// How a pod is let in to an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// By an IAM role for its service account, by the role's ARN. Nothing secret is kept in the cluster.
    Role(String),
    /// By a Secret of its namespace with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    Secret(String),
}

impl S3 {
    /// AWS, in a region, by an IAM role.
    pub fn aws(region: &str, role: &str) -> Self {
        S3 {
            region: region.to_owned(),
            endpoint: None,
            plain_http: false,
            credentials: Credentials::Role(role.to_owned()),
        }
    }

    /// Another store, by its host and port, with a Secret.
    pub fn at(endpoint: &str, secret: &str) -> Self {
        S3 {
            region: "us-east-1".to_owned(),
            endpoint: Some(endpoint.to_owned()),
            plain_http: false,
            credentials: Credentials::Secret(secret.to_owned()),
        }
    }

    /// Refuses an endpoint that is a URL.
    pub(crate) fn check(&self, field: &str) -> Result<(), ComponentError> {
        match &self.endpoint {
            Some(endpoint) if endpoint.contains("://") => Err(refused(
                &format!("{field}.endpoint"),
                endpoint,
                "host and port alone; plain_http says whether it is asked without TLS",
            )),
            _ => Ok(()),
        }
    }

    /// Annotations of the service account that is let in.
    pub(crate) fn account_annotations(&self) -> Option<Value> {
        match &self.credentials {
            Credentials::Role(arn) => Some(json!({"eks.amazonaws.com/role-arn": arn})),
            Credentials::Secret(_) => None,
        }
    }

    /// What a container takes into its environment.
    pub(crate) fn environment_from(&self) -> Option<Value> {
        match &self.credentials {
            Credentials::Role(_) => None,
            Credentials::Secret(name) => Some(json!([{"secretRef": {"name": name}}])),
        }
    }

    /// The Secret, where there is one.
    pub(crate) fn secret(&self) -> Option<&str> {
        match &self.credentials {
            Credentials::Role(_) => None,
            Credentials::Secret(name) => Some(name),
        }
    }
}

/// A store of one of the clouds, or another one that speaks S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectStore {
    /// AWS S3, or another store that speaks its protocol.
    S3(S3),
    /// Google Cloud Storage, reached with the rights of a service account.
    Gcs(GcsCredentials),
    /// Azure Blob Storage; a bucket is a container of the account.
    Azure {
        /// The storage account.
        account: String,
        /// How one is let in.
        credentials: AzureCredentials,
    },
}

impl From<S3> for ObjectStore {
    fn from(store: S3) -> Self {
        ObjectStore::S3(store)
    }
}

/// How a pod is let in to Google Cloud Storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GcsCredentials {
    /// By a service account of the cloud, by its address, which the pod's account may act as.
    WorkloadIdentity(String),
    /// By a Secret of the namespace with the key file of a service account in `key.json`.
    Secret(String),
}

/// How a pod is let in to Azure Blob Storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureCredentials {
    /// By an identity of the cloud, by its client id, which the pod's account may act as.
    WorkloadIdentity(String),
    /// By a Secret of the namespace with the account's key in `AZURE_STORAGE_KEY`.
    Secret(String),
}

/// The name of the variable, which programs put into their own configuration.
pub(crate) const AZURE_KEY: &str = "${AZURE_STORAGE_KEY}";
const GCS_FOLDER: &str = "/etc/object-store";

impl ObjectStore {
    /// Refuses what cannot be a store.
    pub(crate) fn check(&self, field: &str) -> Result<(), ComponentError> {
        match self {
            ObjectStore::S3(store) => store.check(field),
            ObjectStore::Azure { account, .. } if account.is_empty() => {
                let field = format!("{field}.account");
                Err(refused(&field, "empty", "the name of a storage account"))
            }
            _ => Ok(()),
        }
    }

    /// As Loki and Tempo call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            ObjectStore::S3(_) => "s3",
            ObjectStore::Gcs(_) => "gcs",
            ObjectStore::Azure { .. } => "azure",
        }
    }

    /// Annotations of the service account that is let in.
    pub(crate) fn account_annotations(&self) -> Option<Value> {
        match self {
            ObjectStore::S3(store) => store.account_annotations(),
            ObjectStore::Gcs(GcsCredentials::WorkloadIdentity(account)) => {
                Some(json!({"iam.gke.io/gcp-service-account": account}))
            }
            ObjectStore::Azure {
                credentials: AzureCredentials::WorkloadIdentity(client),
                ..
            } => Some(json!({"azure.workload.identity/client-id": client})),
            _ => None,
        }
    }

    /// Labels of pods that are let in.
    pub(crate) fn pod_labels(&self) -> Option<Value> {
        match self {
            ObjectStore::Azure {
                credentials: AzureCredentials::WorkloadIdentity(_),
                ..
            } => Some(json!({"azure.workload.identity/use": "true"})),
            _ => None,
        }
    }

    /// What a container takes into its environment from a Secret.
    pub(crate) fn environment_from(&self) -> Option<Value> {
        match self {
            ObjectStore::S3(store) => store.environment_from(),
            ObjectStore::Azure {
                credentials: AzureCredentials::Secret(name),
                ..
            } => Some(json!([{"secretRef": {"name": name}}])),
            _ => None,
        }
    }

    /// Whether the key stands in the environment, and the configuration names it there.
    pub(crate) fn is_named_in_configuration(&self) -> bool {
        let azure = matches!(self, ObjectStore::Azure { .. });
        azure && self.secret().is_some()
    }

    /// The file of a key: a volume, its mount, and the variable that names it.
    pub(crate) fn key_file(&self) -> Option<KeyFile> {
        let ObjectStore::Gcs(GcsCredentials::Secret(secret)) = self else {
            return None;
        };
        let name = "object-store";
        Some(KeyFile {
            volumes: json!([{"name": name, "secret": {"secretName": secret}}]),
            mounts: json!([{"name": name, "mountPath": GCS_FOLDER, "readOnly": true}]),
            environment: json!([{
                "name": "GOOGLE_APPLICATION_CREDENTIALS",
                "value": format!("{GCS_FOLDER}/key.json"),
            }]),
        })
    }

    /// The Secret, where there is one.
    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            ObjectStore::S3(store) => store.secret(),
            ObjectStore::Gcs(GcsCredentials::Secret(name))
            | ObjectStore::Azure {
                credentials: AzureCredentials::Secret(name),
                ..
            } => Some(name),
            _ => None,
        }
    }
}

/// A key that lies in a file.
pub(crate) struct KeyFile {
    /// Volumes of the pod.
    pub(crate) volumes: Value,
    /// Where the container sees them.
    pub(crate) mounts: Value,
    /// The variable that names the file.
    pub(crate) environment: Value,
}
