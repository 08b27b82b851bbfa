//! The tests of this crate, as one program: what it depends on is linked once.

mod between;
mod cases;
mod check;
mod explain;
mod formats;
mod generate;
mod gitops;
mod inputs;
mod lab;
mod matrix;
mod pictures;
mod place;
mod questions;
mod render;
mod rust;
mod stored;
mod stored_cases;
mod verdicts;
