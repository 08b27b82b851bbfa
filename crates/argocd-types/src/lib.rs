//! Typed bindings of the Argo CD v3.3 custom resources: applications and projects in
//! [`v1alpha1`], and the [`annotations`] that Argo CD reads on any object.

pub mod annotations;
pub mod v1alpha1;
