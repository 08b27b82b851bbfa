#![doc = include_str!("../README.md")]

pub mod capacity;
mod check;
mod checks;
mod config;
mod context;
mod missing;
mod report;

pub use check::{Check, all, find};
pub use config::{Config, Level};
pub use report::{FindingRow, Report, run};
