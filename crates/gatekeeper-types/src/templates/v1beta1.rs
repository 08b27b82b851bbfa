//! `templates.gatekeeper.sh/v1beta1`.

use super::{ConstraintTemplateSpec, ConstraintTemplateStatus};

crd_core::resource! {
    /// A policy, as in [`v1`](super::v1::ConstraintTemplate); the schema of its parameters counts as legacy unless told otherwise.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/constrainttemplates>.
    #[resource(
        group = "templates.gatekeeper.sh", version = "v1beta1", kind = "ConstraintTemplate", plural = "constrainttemplates", scope = Cluster,
        status_subresource = true,
    )]
    pub struct ConstraintTemplate {
        /// The kind of the constraints and the code.
        pub spec: Option<ConstraintTemplateSpec>,
        /// What Gatekeeper reports.
        pub status: Option<ConstraintTemplateStatus>,
    }
}

#[cfg(feature = "schema")]
impl ConstraintTemplate {
    /// The CustomResourceDefinition that Gatekeeper makes for the constraints of this template.
    ///
    /// # Errors
    ///
    /// A template that Gatekeeper refuses: without a kind, of another name than the kind in lower case, without exactly one
    /// target that it serves, or with a schema that is none.
    pub fn constraint_crd(
        &self,
    ) -> Result<crd_core::crd::CustomResourceDefinition, super::ConstraintCrdError> {
        super::constraint_crd::constraint_crd(&self.metadata, self.spec.as_ref(), true)
    }
}
