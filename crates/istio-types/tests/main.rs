//! The tests of this crate, as one program: what it depends on is linked once.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;
mod corpus;
mod from_memory;
mod kube;
mod networking;
mod properties;
mod security;
mod telemetry_and_extensions;
mod vocabulary;
