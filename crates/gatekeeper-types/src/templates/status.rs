//! What Gatekeeper reports about a template.

use serde::{Deserialize, Serialize};

/// The state of a template in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConstraintTemplateStatus {
    /// Whether the constraint's CustomResourceDefinition exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<bool>,
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<ByPodStatus>,
}

/// What one Gatekeeper pod says about a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-preserve-unknown-fields" = true)))]
#[serde(rename_all = "camelCase")]
pub struct ByPodStatus {
    /// The pod's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The generation of the template that the pod has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Why the pod does not use the template; empty where it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<CreateCrdError>,
}

/// One reason why a template is not in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateCrdError {
    /// The kind of error, such as `rego_parse_error` or `ingest_error`.
    pub code: String,
    /// The error in words.
    pub message: String,
    /// The place in the code, such as `main:3:1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}
