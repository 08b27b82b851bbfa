//! Composes a whole typed Kubernetes platform stack, for `dev`, `stg`, `prod` or an environment of one's own.
//!
//! A [`Lab`] is a set of [components](Component) and what they [share](Wiring). [`Lab::build`] orders them by their
//! dependencies and gathers typed objects, Helm releases and files in a [`Bundle`], which is then written as a tree of
//! files, as one stream of YAML, or as JSON:
//!
//! ```
//! use lab_builder::{Environment, Lab};
//!
//! let lab = Lab::new(Environment::Dev).build()?;
//! lab.check().into_result()?;
//! assert!(lab.stream().starts_with("---\n"));
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("dev");
//! lab.write_tree(path)?;
//! # Ok::<(), lab_builder::Error>(())
//! ```
//!
//! Data flows one way: environment and components make the stack, the stack makes the bundle, writers read the bundle.
//! Whatever two components must agree on stands in [`Wiring`], once.

mod bundle;
pub mod check;
mod component;
pub mod components;
mod environment;
mod lab;
pub mod render;
mod stack;
mod versions;
mod wiring;

pub use stack_builder::{image, overlay};
use stack_builder::{object, release};

pub use bundle::{Bundle, Part};
pub use check::{CheckError, Finding, Report, Severity};
pub use component::{
    Access, Action, Component, ComponentError, Context, Contribution, Exercise, Image, Place,
    Placed, Provided, TextFile,
};
pub use environment::{CustomEnvironment, Environment, EnvironmentError, Profile};
pub use image::{ImageRef, Registry};
pub use kube_vocab::ObjectId;
pub use lab::{BuildError, Lab};
pub use object::{Object, ObjectError};
pub use release::{Chart, Overlay, Release, ReleaseError, Values};
pub use render::{File, WriteError, WriteOptions};
pub use stack::StackError;
pub use wiring::{
    ClusterWiring, DataSourceIds, DemoWiring, GatewayWiring, HostWiring, MeshWiring, PublishedPort,
    TEMPO_OTLP_PORT, TEMPO_QUERY_PORT, TelemetryWiring, Wiring,
};

/// Anything that can go wrong between choosing an environment and having its files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The environment is not valid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The registry is not valid.
    #[error(transparent)]
    Registry(#[from] image::RegistryError),
    /// The lab could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The tree could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The lab must not be applied.
    #[error(transparent)]
    Check(#[from] CheckError),
}
