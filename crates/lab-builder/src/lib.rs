//! Composes a whole typed Kubernetes platform stack, for `dev`, `stg`, `prod` or an environment of one's own.
//!
//! A [`Lab`] is a set of [components](Component) and what they [share](Wiring), on the engine of [`stack_builder`]. [`Lab::build`] orders them by their
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

pub mod check;
pub mod components;
pub mod diagrams;
mod documented;
mod environment;
mod ids;
mod lab;
mod model;
mod readme;
mod scope;
mod texts;
mod versions;
mod whole;
mod wiring;

// One dependency is enough to write a component of one's own.
pub use {
    argocd_types, cilium_types, gatekeeper_types, gateway_api, istio_types, k8s_openapi,
    kong_types, stack_builder, stack_check, stack_draw, stack_model,
};

pub use environment::{CustomEnvironment, Environment, EnvironmentError, Profile};
pub use lab::Lab;
pub use model::Whole;
pub use stack_builder::{
    Access, Action, BuildError, Bundle, Chart, CheckError, Component, ComponentError, Context,
    Contribution, Exercise, File, Finding, Image, ImageRef, Object, ObjectError, ObjectId, Overlay,
    Part, Place, Placed, Provided, Registry, Release, ReleaseError, Report, Severity, StackError,
    StreamError, Subject, TextFile, Values, VersionPair, WriteError, WriteOptions, image, overlay,
    render,
};
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
