#![doc = include_str!("../README.md")]

mod crds;
#[cfg(rustfmt)]
mod schema;
pub mod v1;
pub mod v1alpha2;
pub mod v1alpha3;
pub mod v1beta1;
pub mod x_k8s;

crd_core::if_schema! {
    mod schema;
}

pub use self::crds::family;
#[cfg(feature = "schema")]
pub use self::crds::{crds, definitions};
/// A duration as Gateway API writes it: `10s`, `1h30m`, `500ms`.
pub use crd_core::GepDuration as Duration;
#[doc(no_inline)]
pub use crd_core::{Channel, Family};
