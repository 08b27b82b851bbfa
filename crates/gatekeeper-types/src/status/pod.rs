//! What single Gatekeeper pods report.

use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use crate::templates::CreateCrdError;

/// What one pod says about the Config.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConfigPodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the Config that the pod has seen.
    #[field(rename = "configUID")]
    pub config_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// The generation of the Config that the pod has seen.
    pub observed_generation: Option<i64>,
    /// Why the pod does not use it; empty where it does.
    pub errors: Vec<StatusError>,
}

/// One reason why a pod does not use an object.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct StatusError {
    /// The kind of error, in one word for programs.
    pub r#type: Option<String>,
    /// The error in a sentence, for people.
    pub message: String,
}

/// What one pod says about a constraint.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintPodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the constraint that the pod has seen, which tells it from an earlier one of the
    /// same name.
    #[field(rename = "constraintUID")]
    pub constraint_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// Whether the pod applies the constraint.
    pub enforced: Option<bool>,
    /// Why the pod does not apply it; empty where it does.
    pub errors: Vec<ConstraintError>,
    /// The generation of the constraint that the pod has seen.
    pub observed_generation: Option<i64>,
    /// The state per enforcement point outside Gatekeeper.
    pub enforcement_points_status: Vec<EnforcementPointStatus>,
}

/// One reason why a pod does not apply a constraint.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintError {
    /// The kind of error, such as `ingest_error`.
    pub code: String,
    /// The error in a sentence, for people.
    pub message: String,
    /// The place of the error, where there is one.
    pub location: Option<String>,
}

/// The state of a constraint at one enforcement point.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EnforcementPointStatus {
    /// The enforcement point's name, such as `vap.k8s.io`.
    pub enforcement_point: String,
    /// `generated`, `waiting` or `error`.
    pub state: String,
    /// Why the state is what it is, for people.
    pub message: Option<String>,
    /// The generation of the constraint that the state is about.
    pub observed_generation: Option<i64>,
}

/// What one pod says about a template.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintTemplatePodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the template that the pod has seen.
    #[field(rename = "templateUID")]
    pub template_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// The generation of the template that the pod has seen.
    pub observed_generation: Option<i64>,
    /// Why the pod does not use it; empty where it does.
    pub errors: Vec<CreateCrdError>,
    /// Whether a ValidatingAdmissionPolicy was made from the template.
    pub vap_generation_status: Option<VapGenerationStatus>,
}

/// Whether a ValidatingAdmissionPolicy was made from a template.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct VapGenerationStatus {
    /// `generated`, `waiting` or `error`.
    pub state: Option<String>,
    /// The generation of the template that the state is about.
    pub observed_generation: Option<i64>,
    /// Why the pod enforces nothing of it; absent where it does.
    pub warning: Option<String>,
}

/// What one pod says about an ExpansionTemplate.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExpansionTemplatePodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the ExpansionTemplate that the pod has seen.
    #[field(rename = "templateUID")]
    pub template_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// The generation of the ExpansionTemplate that the pod has seen.
    pub observed_generation: Option<i64>,
    /// Why the pod does not use it; empty where it does.
    pub errors: Vec<StatusError>,
}

/// What one pod says about a mutator.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MutatorPodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the mutator that the pod has seen.
    #[field(rename = "mutatorUID")]
    pub mutator_uid: Option<String>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// Whether the pod applies the mutator.
    pub enforced: Option<bool>,
    /// Why the pod does not apply it; empty where it does.
    pub errors: Vec<StatusError>,
    /// The generation of the mutator that the pod has seen.
    pub observed_generation: Option<i64>,
}

/// What one pod says about a Provider.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProviderPodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the Provider that the pod has seen.
    #[field(rename = "providerUID")]
    pub provider_uid: Option<String>,
    /// Whether the pod asks the provider.
    pub active: Option<bool>,
    /// The errors since the pod last succeeded.
    pub errors: Vec<ProviderError>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// When `active` last changed.
    pub last_transition_time: Option<Time>,
    /// When the pod last took over the Provider.
    pub last_cache_update_time: Option<Time>,
    /// The generation of the Provider that the pod has seen.
    pub observed_generation: Option<i64>,
}

/// What went wrong with a Provider.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProviderError {
    /// The kind of error, in one word for programs.
    pub r#type: Option<String>,
    /// The error in a sentence, for people.
    pub message: String,
    /// Whether another try may succeed.
    pub retryable: Option<bool>,
    /// When the error last occurred.
    pub error_timestamp: Option<Time>,
}

/// What one pod says about a Connection.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConnectionPodStatusStatus {
    /// The name of the pod that reports.
    pub id: Option<String>,
    /// The UID of the Connection that the pod has seen.
    #[field(rename = "connectionUID")]
    pub connection_uid: Option<String>,
    /// Whether the last report went through.
    pub active: Option<bool>,
    /// The errors since the pod last succeeded.
    pub errors: Vec<ConnectionError>,
    /// What the pod does: `webhook`, `audit`, `status`, `mutation-webhook` and the like.
    pub operations: Vec<String>,
    /// The generation of the Connection that the pod has seen.
    pub observed_generation: Option<i64>,
}

/// What went wrong with a Connection.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConnectionError {
    /// `UpsertConnection` or `Publish`.
    pub r#type: String,
    /// The error in a sentence, for people.
    pub message: String,
}
