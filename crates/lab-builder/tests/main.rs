//! The tests of this crate, as one program: what it depends on is linked once.

mod airgap;
mod chart;
mod charts;
mod checks;
mod diagrams;
mod documents;
mod facts;
mod faults;
mod lab;
mod observability;
mod policies;
mod scripts;
mod snapshots;
mod traffic;
mod tree;
