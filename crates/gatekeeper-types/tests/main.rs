//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod common;
mod constraint_crd;
mod corpus;
mod fixtures;
mod from_memory;
mod matching;
mod properties;
mod selection;
