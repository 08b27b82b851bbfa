#![doc = include_str!("../README.md")]

pub mod annotations;
#[cfg(feature = "schema")]
mod crds;
pub mod labels;
pub mod names;
mod number;
#[cfg(any(feature = "networking", feature = "telemetry"))]
mod optional_union;
pub mod parse;
#[cfg(feature = "security")]
mod port_map;
mod principal;
#[cfg(any(feature = "networking", feature = "security", feature = "telemetry"))]
mod root;
#[cfg(feature = "schema")]
#[cfg_attr(
    not(all(
        feature = "extensions",
        feature = "networking",
        feature = "security",
        feature = "telemetry"
    )),
    expect(dead_code, reason = "each group needs some of it")
)]
mod schema;
mod selector;
pub mod status;

#[cfg(feature = "extensions")]
pub mod extensions;
#[cfg(feature = "networking")]
pub mod networking;
#[cfg(feature = "security")]
pub mod security;
#[cfg(feature = "telemetry")]
pub mod telemetry;

#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
pub use crd_core;
pub use crd_core::GoDuration;
pub use number::Double;
pub use principal::{Principal, PrincipalError};
pub use selector::{PolicyTargetReference, WorkloadSelector};
