#![doc = include_str!("../README.md")]

mod availability;
mod evaluate;
mod system;

pub use availability::{Availability, AvailabilityError};
pub use system::{Gain, Part, System, SystemError};
