//! The current version of Telemetry.

mod telemetry;

pub use self::telemetry::*;
pub use crate::{PolicyTargetReference, WorkloadSelector};
