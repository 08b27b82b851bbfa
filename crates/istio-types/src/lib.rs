#![doc = include_str!("../README.md")]

pub mod annotations;
pub mod labels;
pub mod names;
mod number;
mod port_map;
mod principal;
mod root;
#[cfg(feature = "schema")]
mod schema;
mod selector;
pub mod status;

#[cfg(feature = "security")]
pub mod security;

pub use number::Double;
pub use principal::{Principal, PrincipalError};
pub use selector::{PolicyTargetReference, WorkloadSelector};
