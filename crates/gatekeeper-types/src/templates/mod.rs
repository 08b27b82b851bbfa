//! `templates.gatekeeper.sh`: policies that constraints are made from.
//!
//! The versions differ only in one default: the schema of parameters counts as structural in `v1` and as legacy before.

pub mod v1;
pub mod v1alpha1;
pub mod v1beta1;

mod code;
mod constraint_crd;
mod spec;
mod status;

pub use code::{
    CelSource, Code, FailurePolicy, MatchCondition, RegoSource, RegoVersion, Validation, Variable,
};
pub use constraint_crd::{ConstraintCrdError, ConstraintKind};
pub use spec::{
    ADMISSION_TARGET, ConstraintTemplateSpec, Crd, CrdSpec, Names, Operation, Target,
    ValidationSchema,
};
pub use status::{ByPodStatus, ConstraintTemplateStatus, CreateCrdError};
