//! What Gatekeeper reports about a constraint.

use super::enforcement::EnforcementAction;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

/// The state of a constraint in the cluster, and what the last audit found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConstraintStatus {
    /// Written by old releases of Gatekeeper: whether the constraint applies. Now said per pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforced: Option<bool>,
    /// When the last audit began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_timestamp: Option<Time>,
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<ConstraintByPod>,
    /// The number of violations that the last audit found; `violations` may list fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_violations: Option<i64>,
    /// Violations that the last audit found, up to a limit that the audit pod is given (20 unless told otherwise).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// What one Gatekeeper pod says about a constraint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConstraintByPod {
    /// The pod's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The UID of the constraint that the pod has seen, which tells it from an earlier one of the same name.
    #[serde(
        default,
        rename = "constraintUID",
        skip_serializing_if = "Option::is_none"
    )]
    pub constraint_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status` and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// Whether the pod applies the constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforced: Option<bool>,
    /// Why the pod does not apply the constraint; empty where it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ConstraintError>,
    /// The generation of the constraint that the pod has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// The state per enforcement point outside Gatekeeper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enforcement_points_status: Vec<EnforcementPointStatus>,
}

/// One reason why a pod does not apply a constraint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConstraintError {
    /// The kind of error, such as `ingest_error`.
    pub code: String,
    /// The error in words.
    pub message: String,
    /// The place of the error, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// The state of a constraint at one enforcement point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnforcementPointStatus {
    /// The enforcement point's name, such as `vap.k8s.io`.
    pub enforcement_point: String,
    /// `generated`, `waiting` or `error`.
    pub state: String,
    /// More about the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The generation of the constraint that the state is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// An object in the cluster that violates a constraint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The object's API group; absent for the core group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The object's API version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The object's kind.
    pub kind: String,
    /// The object's name.
    pub name: String,
    /// The object's namespace; absent for cluster-scoped objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What is wrong, as the policy says it.
    pub message: String,
    /// The constraint's action when audit ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforcement_action: Option<EnforcementAction>,
    /// The actions of a scoped constraint when audit ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enforcement_actions: Vec<EnforcementAction>,
}
