//! `mutations.gatekeeper.sh`: changes to objects on their way into the API server.
//!
//! The versions have one schema.

mod spec;
pub mod v1;
pub mod v1alpha1;
pub mod v1beta1;

pub use spec::*;
