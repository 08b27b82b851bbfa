#![doc = include_str!("../README.md")]

pub mod annotations;
pub mod v1alpha1;

#[cfg(feature = "schema")]
mod schema;

#[cfg(feature = "schema")]
pub use schema::{crds, definitions};
