#![doc = include_str!("../README.md")]

#[cfg(feature = "schema")]
pub mod crd;
pub mod duration;
mod fields;
mod integer_enum;
mod json;
mod object;
pub mod parse;
mod path;
mod resource;
#[cfg(feature = "schema")]
pub mod schema;
mod string_enum;
pub mod union;

#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private.rs"]
pub mod __private;
use __private as private;

pub use duration::{DurationError, GepDuration, GoDuration};
pub use parse::{ObjectId, ParseError, Problem, ProblemKind};
pub use path::{FieldPath, Segment};
pub use resource::{Kind, KindInfo, PrinterColumn, Scope};
pub use string_enum::UnknownName;
