//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod committed;
mod common;
mod compiled;
mod core_types;
mod families;
mod hands;
mod random;
