//! What one reads of any object: its names, and what it is.

use kube_vocab::ObjectId;
use serde_json::Value;

/// A member as a text; empty where there is none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The group of an `apiVersion`; empty for the core group.
pub(crate) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

pub(crate) fn identity(value: &Value) -> ObjectId {
    ObjectId::new(
        text(&value["apiVersion"]),
        text(&value["kind"]),
        value["metadata"]["namespace"].as_str(),
        text(&value["metadata"]["name"]),
    )
}

pub(crate) fn is_crd(value: &Value) -> bool {
    value["kind"] == "CustomResourceDefinition"
        && group(text(&value["apiVersion"])) == "apiextensions.k8s.io"
}

/// Whether a map of the object has nothing in it.
pub(crate) fn is_without(object: &Value, member: &str) -> bool {
    let members = object.get(member).and_then(Value::as_object);
    members.is_none_or(serde_json::Map::is_empty)
}

/// An object on its way into Git, and when it is applied within its Application.
#[derive(Clone, Debug)]
pub(crate) struct Synced {
    pub(crate) value: Value,
    pub(crate) wave: i64,
    /// Whether a controller makes its kind, so that a dry run before that cannot succeed.
    pub(crate) made_kind: bool,
}
