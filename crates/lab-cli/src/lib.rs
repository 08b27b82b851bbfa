#![doc = include_str!("../README.md")]

pub mod charts;
mod console;
pub mod environments;
pub mod gitops;
mod progress;
pub mod render;
pub mod text;

pub use console::{Console, Failure};
pub use progress::Progress;
