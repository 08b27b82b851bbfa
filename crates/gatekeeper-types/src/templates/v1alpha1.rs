//! `templates.gatekeeper.sh/v1alpha1`. The schema of a template's parameters counts as legacy unless told otherwise.

pub use super::v1::constraint_template_v1alpha1::ConstraintTemplate;
