//! The tests of this crate, as one program: what it depends on is linked once.

mod geometry;
mod hostile;
mod pictures;
