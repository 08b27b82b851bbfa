//! `expansion.gatekeeper.sh/v1alpha1`.

pub use super::v1beta1::expansion_template_v1alpha1::ExpansionTemplate;
