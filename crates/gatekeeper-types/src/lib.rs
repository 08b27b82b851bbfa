#![doc = include_str!("../README.md")]

pub mod config;
pub mod connection;
pub mod constraints;
pub mod expansion;
pub mod externaldata;
pub mod matching;
pub mod mutations;
pub mod selection;
pub mod status;
pub mod syncset;
pub mod templates;

mod crds;
mod gvk;
// For rustfmt, which does not look into macros.
#[cfg(rustfmt)]
mod schema;
crd_core::if_schema! { mod schema; }

pub use self::crds::family;
#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
pub use crd_core;
pub use gvk::Gvk;
