//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod derives;
mod dialect;
mod durations;
mod parsing;
mod sharing;
