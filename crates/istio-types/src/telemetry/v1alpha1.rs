//! An older version of the telemetry kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

pub use super::v1::telemetry_v1alpha1::Telemetry;
pub use super::v1::*;
