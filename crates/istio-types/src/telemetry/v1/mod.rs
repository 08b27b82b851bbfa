//! The current version of Telemetry.

#[expect(
    clippy::module_inception,
    reason = "one file per kind, and the kind is called like its group"
)]
mod telemetry;

pub use self::telemetry::*;
pub use crate::{PolicyTargetReference, WorkloadSelector};
