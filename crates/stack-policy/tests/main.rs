//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::unwrap_used)]

mod expressions;
mod meaning;
mod patterns;
mod pod_security;
