#![doc = include_str!("../README.md")]

mod error;
mod format;
mod inventory;
mod policy;
mod policy_set;
mod review;
mod safety;
mod source;

pub use error::{Position, RegoError};
pub use inventory::Inventory;
pub use policy::{Policy, PolicyViolation};
pub use policy_set::{AnyTemplate, PolicySet, Verdict, Violation};
pub use review::Review;
