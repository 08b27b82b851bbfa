#![doc = include_str!("../README.md")]

mod cidr;
mod crds;
mod label;
// For rustfmt, which does not look into macros.
#[cfg(rustfmt)]
mod schema;
crd_core::if_schema! {
    mod schema;
}
pub mod v2;
pub mod v2alpha1;

pub use self::crds::family;
#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
/// Reading with all problems and their paths, and what all families of types share.
pub use crd_core;
