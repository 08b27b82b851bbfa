//! Typed bindings of the Gatekeeper v3.21 custom resources: policies as [templates], and
//! [constraints] that put them to work.
//!
//! [templates]: templates
//! [constraints]: constraints

pub mod constraints;
pub mod matching;
pub mod templates;

#[cfg(feature = "schema")]
mod schema;
mod wire;
