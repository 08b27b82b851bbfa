#![doc = include_str!("../README.md")]

pub mod constraints;
pub mod matching;
pub mod templates;

#[cfg(feature = "schema")]
mod schema;
mod wire;
