#![doc = include_str!("../README.md")]

mod cidr;
mod label;
#[cfg(feature = "schema")]
mod schema;
pub mod v2;
