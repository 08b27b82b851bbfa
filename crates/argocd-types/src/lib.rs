#![doc = include_str!("../README.md")]

pub mod annotations;
mod crds;
// For rustfmt, which does not look into macros.
#[cfg(rustfmt)]
mod schema;
crd_core::if_schema! { mod schema; }
pub mod v1alpha1;

pub use self::crds::family;
#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
pub use crd_core;
