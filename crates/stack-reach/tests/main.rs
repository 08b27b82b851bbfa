//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

mod admin;
mod cases;
mod cilium;
mod engines;
mod entry;
mod findings;
mod flows;
mod mesh;
mod requests;
mod require;
mod scale;
