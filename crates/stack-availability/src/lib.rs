#![doc = include_str!("../README.md")]

mod availability;
mod error;
mod evaluate;
mod part;
mod system;

pub use availability::{Availability, AvailabilityError};
pub use error::SystemError;
pub use part::Part;
pub use system::{Gain, System};
