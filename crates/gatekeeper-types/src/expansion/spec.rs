//! What an ExpansionTemplate says.

use serde::{Deserialize, Serialize};

use crate::constraints::EnforcementAction;
use crate::gvk::Gvk;
use crate::mutations::ApplyTo;
use crate::status::ExpansionTemplatePodStatusStatus;

/// How the object that a controller will create is derived from the object that asks for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExpansionTemplateSpec {
    /// The objects that ask, such as Deployments; one entry that fits is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply_to: Vec<ApplyTo>,
    /// Where the template of the derived object is in them, such as `spec.template`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_source: Option<String>,
    /// The kind of the derived object, such as Pod.
    #[serde(
        default,
        rename = "generatedGVK",
        skip_serializing_if = "Option::is_none"
    )]
    pub generated_gvk: Option<Gvk>,
    /// Takes the place of the constraints' own action for derived objects. Absent or empty leaves
    /// them theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforcement_action: Option<EnforcementAction>,
}

/// What Gatekeeper reports of an ExpansionTemplate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExpansionTemplateStatus {
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<ExpansionTemplatePodStatusStatus>,
}
