//! What an ExpansionTemplate says.

use crate::constraints::EnforcementAction;
use crate::gvk::Gvk;
use crate::mutations::ApplyTo;
use crate::status::ExpansionTemplatePodStatusStatus;
use crd_core::Object;

/// How the object that a controller will create is derived from the object that asks for it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExpansionTemplateSpec {
    /// The objects that ask, such as Deployments; one entry that fits is enough.
    pub apply_to: Vec<ApplyTo>,
    /// Where the template of the derived object is in them, such as `spec.template`.
    pub template_source: Option<String>,
    /// The kind of the derived object, such as Pod.
    #[field(rename = "generatedGVK")]
    pub generated_gvk: Option<Gvk>,
    /// Takes the place of the constraints' own action for derived objects. Absent or empty leaves
    /// them theirs.
    pub enforcement_action: Option<EnforcementAction>,
}

/// What Gatekeeper reports of an ExpansionTemplate.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExpansionTemplateStatus {
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ExpansionTemplatePodStatusStatus>,
}
