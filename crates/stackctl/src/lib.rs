#![doc = include_str!("../README.md")]

pub mod check;
mod cli;
mod files;
#[cfg(feature = "policies")]
pub mod policies;

pub use cli::{Cli, Command, main};
pub use lab_cli::{Console, Failure, environments, render};
