//! Objects of any kind behind one trait.

use std::any::Any;
use std::fmt::Debug;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use crate::resource::{Kind, KindInfo};

/// An object of some kind, read into its own type. Every [`Kind`] is one.
pub trait TypedObject: Any + Debug + Send + Sync {
    /// The kind and version of the type.
    fn info(&self) -> KindInfo;

    /// Name, namespace, labels and annotations.
    fn metadata(&self) -> &ObjectMeta;

    /// The object as JSON.
    ///
    /// # Errors
    ///
    /// A value that JSON has no form for, such as a map with keys that are no strings.
    fn to_value(&self) -> Result<Value, serde_json::Error>;

    /// The object itself, for `downcast_ref`.
    fn as_any(&self) -> &dyn Any;
}

impl<K: Kind> TypedObject for K {
    fn info(&self) -> KindInfo {
        K::INFO
    }

    fn metadata(&self) -> &ObjectMeta {
        k8s_openapi::Metadata::metadata(self)
    }

    fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
