#![doc = include_str!("../README.md")]

mod cidr;
#[cfg(feature = "schema")]
mod crds;
mod label;
#[cfg(feature = "schema")]
mod schema;
pub mod v2;
pub mod v2alpha1;

#[cfg(feature = "schema")]
pub use crds::crds;
