//! What the tests share: the [`Corpus`] of manifests with a server's verdicts, [`random`] objects, and [`losses`], what writing
//! an object must not lose. Like a test, it panics where a test has to fail.
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

pub mod cases;
mod corpus;
mod folder;
mod losses;
pub mod random;

pub use corpus::{Corpus, Entry, yaml_files};
pub use folder::data_folder;
pub use losses::{is_empty, is_hollow, losses, losses_but, round_trip};
