//! The tests of this crate, as one program: what it depends on is linked once.

mod lab;
mod sync;
