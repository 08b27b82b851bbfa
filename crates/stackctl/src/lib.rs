#![doc = include_str!("../README.md")]

pub mod capacity;
mod charts;
pub mod check;
mod cli;
pub mod diff;
pub mod explain;
mod files;
pub mod generate;
pub mod graph;
mod manifests;
#[cfg(feature = "policies")]
pub mod policies;
pub mod promote;
pub mod reach;
mod recognise;
pub mod report;
pub mod route;
pub mod rust;
pub mod status;
pub mod stored;
pub mod sync_plan;
mod values;
mod words;

pub use cli::{Cli, Command, main};
pub use lab_cli::{Console, Failure, environments, render};
