//! `expansion.gatekeeper.sh`: policies about Pods, held against the Deployments that will create them.
//!
//! The versions have one schema.

mod spec;
pub mod v1alpha1;
pub mod v1beta1;

pub use spec::*;
