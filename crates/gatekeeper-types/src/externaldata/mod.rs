//! `externaldata.gatekeeper.sh`: services that policies and mutators ask.
//!
//! The versions have one schema.

mod spec;
pub mod v1alpha1;
pub mod v1beta1;

pub use spec::*;
