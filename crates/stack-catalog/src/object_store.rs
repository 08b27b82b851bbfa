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
