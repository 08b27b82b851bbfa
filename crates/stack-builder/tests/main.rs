//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod fleet;
mod licences;
mod linear;
mod small_stack;
mod tree;
mod words;
mod workload;
