//! Where Loki keeps logs.

use serde_json::{Value, json};
use stack_builder::ComponentError;

use super::Loki;
use crate::object_store::{AZURE_KEY, ObjectStore};

/// Where Loki keeps logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LokiStorage {
    /// On the volume of a single pod. With the volume they are lost.
    Volume,
    /// In an object store.
    Bucket {
        /// The store.
        store: ObjectStore,
        /// The bucket of logs.
        chunks: String,
        /// The bucket of rules.
        ruler: String,
    },
}

impl LokiStorage {
    /// Logs in one bucket of a store, and rules in another.
    pub fn bucket(store: impl Into<ObjectStore>, chunks: &str, ruler: &str) -> Self {
        LokiStorage::Bucket {
            store: store.into(),
            chunks: chunks.to_owned(),
            ruler: ruler.to_owned(),
        }
    }

    /// The store, where there is one.
    pub(super) fn store(&self) -> Option<&ObjectStore> {
        match self {
            LokiStorage::Volume => None,
            LokiStorage::Bucket { store, .. } => Some(store),
        }
    }
}

impl Loki {
    /// The name that Loki gives its store, and what stands in the chart's `loki.storage`.
    pub(super) fn place(&self) -> Result<(&'static str, Value), ComponentError> {
        let LokiStorage::Bucket {
            store,
            chunks,
            ruler,
        } = &self.storage
        else {
            return Ok(("filesystem", json!({"type": "filesystem"})));
        };
        store.check("storage.store")?;
        let name = store.name();
        let buckets = json!({"chunks": chunks, "ruler": ruler});
        let mut storage = json!({"type": name, "bucketNames": buckets});
        match store {
            ObjectStore::S3(store) => {
                let mut s3 = json!({"region": store.region, "insecure": store.plain_http});
                if let Some(endpoint) = &store.endpoint {
                    s3["endpoint"] = endpoint.as_str().into();
                    s3["s3ForcePathStyle"] = true.into();
                }
                storage["s3"] = s3;
            }
            ObjectStore::Gcs(_) => {}
            ObjectStore::Azure { account, .. } => {
                let mut azure = json!({"accountName": account});
                match store.is_named_in_configuration() {
                    true => azure["accountKey"] = AZURE_KEY.into(),
                    false => azure["useFederatedToken"] = true.into(),
                }
                storage["azure"] = azure;
            }
        }
        Ok((name, storage))
    }
}
