//! What the tests of the types crates share: the [`Corpus`] of real manifests, [`random`] objects, and [`losses`], what writing
//! an object must not lose. Like a test, it panics where a test has to fail.
#![allow(clippy::panic, clippy::unwrap_used)]

mod corpus;
mod losses;
pub mod random;

pub use corpus::{Corpus, Entry, yaml_files};
pub use losses::{is_empty, is_hollow, losses, losses_but, round_trip};
