#![doc = include_str!("../README.md")]

#[cfg(feature = "schema")]
mod crds;
#[cfg(feature = "schema")]
mod schema;
pub mod v1;
pub mod v1alpha2;
pub mod v1alpha3;
pub mod v1beta1;
#[cfg(feature = "experimental")]
pub mod x_k8s;

/// The release channel that this build has: `standard`, or with the feature `experimental` the experimental one. Features
/// add up over a build, so one crate that asks for `experimental` decides for all.
pub const CHANNEL: &str = if cfg!(feature = "experimental") {
    "experimental"
} else {
    "standard"
};

/// A duration as Gateway API writes it: `10s`, `1h30m`, `500ms`.
pub use crd_core::GepDuration as Duration;
#[cfg(feature = "schema")]
pub use crds::{crds, definitions};
