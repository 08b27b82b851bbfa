#![doc = include_str!("../README.md")]

mod write;

pub use write::{Order, WriteError, Writer, append, comment, to_string, to_string_in, to_writer};
