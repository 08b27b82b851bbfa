//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod lab;
mod library;
mod negation;
