//! `argoproj.io/v1alpha1`.

mod application;
mod application_set;
mod application_spec;
mod application_status;
mod build;
mod generator;
mod generator_leaf;
mod hydrator;
mod operation;
mod policy;
mod project;
mod scm;
mod source;
mod sync;
mod sync_option;
mod template;

pub use application::*;
pub use application_set::*;
pub use application_spec::*;
pub use application_status::*;
pub use build::{ConflictingTools, LOCAL_CLUSTER};
pub use generator::*;
pub use generator_leaf::*;
pub use hydrator::*;
pub use operation::*;
pub use policy::*;
pub use project::*;
pub use scm::*;
pub use source::*;
pub use sync::*;
pub use sync_option::*;
pub use template::*;
