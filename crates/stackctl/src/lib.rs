#![doc = include_str!("../README.md")]

pub mod check;
mod cli;
mod files;
pub mod generate;
mod manifests;
#[cfg(feature = "policies")]
pub mod policies;
pub mod reach;
mod recognise;
pub mod route;
pub mod status;
mod values;

pub use cli::{Cli, Command, main};
pub use lab_cli::{Console, Failure, environments, render};
