//! How the types become text.

use serde::Serialize;

pub use kube_yaml::WriteError;

/// A value as YAML in block style, without a `---` line; ends with a line break.
///
/// # Errors
/// A type of one's own that cannot be serialised.
pub fn to_yaml(value: &impl Serialize) -> Result<String, WriteError> {
    kube_yaml::to_string(value)
}

/// A value as JSON, indented by two columns: what Grafana reads.
///
/// # Errors
/// A type of one's own that cannot be serialised.
pub fn to_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value)
}
