//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod annotations;
mod common;
mod corpus;
mod fixtures;
mod from_memory;
mod policies;
mod properties;
mod sources;
mod sync_options;
