#![doc = include_str!("../README.md")]

pub mod check;
mod cli;
mod console;
mod files;
mod text;

pub use cli::{Cli, Command, main};
pub use console::{Console, Failure};
