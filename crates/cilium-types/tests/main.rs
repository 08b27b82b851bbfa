//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

mod cidr;
mod corpus;
mod from_memory;
mod kinds;
mod losses;
mod other_kinds;
mod policies;
mod properties;
mod verdicts;
