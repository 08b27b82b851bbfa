//! What Gatekeeper reports about a constraint.

use super::enforcement::EnforcementAction;
use crate::status::ConstraintPodStatusStatus;
use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// The state of a constraint in the cluster, and what the last audit found.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintStatus {
    /// Written by old releases of Gatekeeper: whether the constraint applies. Now said per pod.
    pub enforced: Option<bool>,
    /// When the last audit began.
    pub audit_timestamp: Option<Time>,
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ConstraintPodStatusStatus>,
    /// The number of violations that the last audit found; `violations` may list fewer.
    pub total_violations: Option<i64>,
    /// Violations that the last audit found, up to a limit that the audit pod is given (20 unless told otherwise).
    pub violations: Vec<Violation>,
}

/// An object in the cluster that violates a constraint.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Violation {
    /// The object's API group; absent for the core group.
    pub group: Option<String>,
    /// The version of the object's API, without group.
    pub version: Option<String>,
    /// The kind of the object that violates the policy.
    pub kind: String,
    /// The name of the object that violates the policy.
    pub name: String,
    /// The object's namespace; absent for cluster-scoped objects.
    pub namespace: Option<String>,
    /// What is wrong, as the policy says it.
    pub message: String,
    /// The constraint's action when audit ran.
    pub enforcement_action: Option<EnforcementAction>,
    /// The actions of a scoped constraint when audit ran.
    pub enforcement_actions: Vec<EnforcementAction>,
}
