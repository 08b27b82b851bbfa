//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;
mod families;
mod lazy;
mod mutations;
mod packed;
mod random;
mod seen;
mod shared_schemas;
