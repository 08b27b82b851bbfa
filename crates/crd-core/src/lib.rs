#![doc = include_str!("../README.md")]

mod channel;
#[cfg(feature = "schema")]
pub mod crd;
pub mod duration;
mod family;
pub mod parse;
mod resource;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "schema")]
mod shared;
mod string_enum;
mod typed;
pub mod union;
mod version;

#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private.rs"]
pub mod __private;
use __private as private;

pub use channel::Channel;
pub use crd_derive::{IntegerEnum, Object, Resource, StringEnum, Union};
pub use duration::{DurationError, GepDuration, GoDuration};
pub use family::Family;
pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
#[doc(no_inline)]
pub use kube_vocab::{FieldPath, ObjectId, Segment};
pub use parse::{ParseError, Problem, ProblemKind};
pub use resource::{Declared, Kind, KindInfo, PrinterColumn, ScalePaths, Scope};
pub use string_enum::UnknownName;
pub use typed::TypedObject;
pub use version::Version;

/// Keeps items only where schemas are wanted: the feature `schema` of this crate decides, which a whole build agrees on, and
/// not a feature of the crate that calls the macro. The derives write their schema code behind it; helpers that
/// `#[schemars(...)]` attributes call belong behind it too.
///
/// ```
/// crd_core::if_schema! {
///     fn hostname(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
///         crd_core::schema::json_schema!({"type": "string", "maxLength": 253})
///     }
/// }
/// ```
#[cfg(feature = "schema")]
#[macro_export]
macro_rules! if_schema {
    ($($item:item)*) => {
        $($item)*
    };
}

/// Keeps items only where schemas are wanted, which they are not in this build.
#[cfg(not(feature = "schema"))]
#[macro_export]
macro_rules! if_schema {
    ($($item:item)*) => {};
}
