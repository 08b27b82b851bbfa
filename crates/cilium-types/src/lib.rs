#![doc = include_str!("../README.md")]

mod cidr;
#[cfg(feature = "schema")]
mod crds;
mod label;
#[cfg(feature = "schema")]
mod schema;
pub mod v2;
pub mod v2alpha1;

/// Reading with all problems and their paths, and what all families of types share.
pub use crd_core;
#[cfg(feature = "schema")]
pub use crds::{crds, definitions};
