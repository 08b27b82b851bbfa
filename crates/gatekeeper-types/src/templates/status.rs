//! What Gatekeeper reports about a template.

use crd_core::Object;

/// The state of a template in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintTemplateStatus {
    /// Whether the constraint's CustomResourceDefinition exists.
    pub created: Option<bool>,
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ByPodStatus>,
}

/// What one Gatekeeper pod says about a template.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
pub struct ByPodStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The generation of the template that the pod has seen.
    pub observed_generation: Option<i64>,
    /// Why the pod does not use the template; empty where it does.
    pub errors: Vec<CreateCrdError>,
}

/// One reason why a template is not in use.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CreateCrdError {
    /// The kind of error, such as `rego_parse_error` or `ingest_error`.
    pub code: String,
    /// The error in a sentence, for people.
    pub message: String,
    /// The place in the code, such as `main:3:1`.
    pub location: Option<String>,
}
