#![doc = include_str!("../README.md")]

pub mod annotations;
mod crds;
pub mod labels;
pub mod names;
mod number;
pub mod parse;
#[cfg(feature = "security")]
mod port_map;
mod principal;
// For rustfmt, which does not look into macros.
#[cfg(rustfmt)]
mod schema;
crd_core::if_schema! {
    #[cfg_attr(
        not(all(
            feature = "extensions",
            feature = "networking",
            feature = "security",
            feature = "telemetry"
        )),
        allow(dead_code, reason = "each group needs some of it")
    )]
    mod schema;
}
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

pub use self::crds::family;
#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
pub use crd_core;
pub use crd_core::GoDuration;
pub use number::Double;
pub use principal::{Principal, PrincipalError};
pub use selector::{PolicyTargetReference, WorkloadSelector};
