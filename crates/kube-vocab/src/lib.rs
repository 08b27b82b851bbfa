#![doc = include_str!("../README.md")]

pub mod duration;
mod finding;
pub mod image;
pub mod names;
mod object_id;
mod path;
mod quantity;

pub use finding::{Finding, Location, Severity, Subject};
pub use image::ImageName;
pub use object_id::ObjectId;
pub use path::{FieldPath, Path, Segment};
pub use quantity::{Quantity, QuantityError, QuantityFormat};
