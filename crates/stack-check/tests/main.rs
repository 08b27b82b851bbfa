//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod capacity;
mod edges;
mod false_alarms;
mod fixtures;
mod further_faults;
mod input;
mod report;
mod scale;
mod tenants;
