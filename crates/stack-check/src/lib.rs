#![doc = include_str!("../README.md")]

mod allowance;
pub mod capacity;
mod check;
mod checks;
mod config;
mod context;
mod exposure;
mod fields;
mod generated;
mod intent;
mod keys;
mod mesh;
mod missing;
mod nodes;
mod protocol;
mod report;

pub use allowance::{Allowance, AllowanceError};
pub use check::{Check, Group, all, find};
pub use config::{Config, Level};
pub use report::{FindingRow, Report, run};
