//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod agreement;
mod builtin;
mod builtin_corpus;
mod builtin_rare;
mod builtin_sizes;
mod builtin_update;
mod catalog;
mod definitions;
mod edges;
mod known;
mod not_read;
mod packed;
mod plain_words;
mod raw_bytes;
mod rules;
mod said;
mod stored;
mod validator;
