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
mod group;
mod intent;
mod keys;
mod ledger;
mod mesh;
mod missing;
mod nodes;
mod protocol;
mod report;
mod variants;

pub use allowance::{Allowance, AllowanceError};
pub use check::Check;
pub use checks::{all, find};
pub use config::{Config, Level};
pub use group::Group;
pub use report::{FindingRow, Report, run};
