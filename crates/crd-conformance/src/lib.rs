#![doc = include_str!("../README.md")]

mod compare;
mod error;
mod files;
mod inventory;
mod listed;

pub use compare::{Difference, compare};
pub use error::Error;
pub use files::{import, load};
pub use inventory::Inventory;
pub use listed::Listed;
