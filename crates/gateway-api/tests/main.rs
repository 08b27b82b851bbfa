//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod corpus;
mod from_memory;
mod kinds;
mod kube;
mod properties;
mod rules;
mod strict;
