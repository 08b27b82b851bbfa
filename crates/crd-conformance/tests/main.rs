//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod families;
mod inventory;
mod light;
mod type_names;
