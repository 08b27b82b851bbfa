#![doc = include_str!("../README.md")]

mod builtin;
pub mod cel;
mod date;
mod definition;
mod fault;
mod format;
mod metadata;
mod packed;
mod pattern;
pub mod reader;
mod registry;
mod report;
mod schema;
mod seen;
mod validator;
mod value;
mod version;

pub use definition::Definitions;
pub use packed::{PackError, PackedDefinitions, Packer};
pub use registry::{Judgement, Registry, Verdict};
pub use report::Report;
pub use schema::SchemaError;
pub use validator::{DefinitionError, UnknownFields, Validator};
pub use version::{KubernetesVersion, VersionError};
