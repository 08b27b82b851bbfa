#![doc = include_str!("../README.md")]

pub mod admission;
mod bounds;
mod case;
mod engine;
pub mod kyverno;
#[cfg(all(test, not(any(feature = "cel", feature = "jmespath"))))]
mod left_out;
pub mod pod_security;
mod policies;
mod report;
mod verdict;

pub use bounds::{Bounded, Bounds};
pub use case::{Case, cases};
pub use engine::{Engine, PolicyRow};
pub use policies::Policies;
pub use report::{DENIES, Report, UNKNOWN};
pub use verdict::{Action, Outcome, Verdict};
