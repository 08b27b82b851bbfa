//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod amounts;
mod answers;
mod model;
mod references;
mod scale;
mod told;
