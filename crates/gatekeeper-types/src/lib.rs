#![doc = include_str!("../README.md")]

pub mod config;
pub mod connection;
pub mod constraints;
pub mod expansion;
pub mod externaldata;
pub mod matching;
pub mod mutations;
pub mod selection;
pub mod status;
pub mod syncset;
pub mod templates;

mod gvk;
#[cfg(feature = "schema")]
mod schema;
mod wire;

pub use gvk::Gvk;
#[cfg(feature = "schema")]
pub use schema::{crds, definitions};
