#![doc = include_str!("../README.md")]

mod cel;
mod finding;
mod metadata;
mod names;
mod path;
mod pattern;
pub mod reader;
mod report;
mod schema;
mod validator;

pub use finding::{Finding, Source};
pub use report::Report;
pub use schema::SchemaError;
pub use validator::{DefinitionError, UnknownFields, Validator};
