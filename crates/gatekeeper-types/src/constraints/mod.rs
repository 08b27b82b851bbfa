//! `constraints.gatekeeper.sh`: where a template's policy applies, with which parameters, and what happens on a violation.
//!
//! Gatekeeper makes one kind per template, so [`Constraint`] carries its kind as a value. Its parameters are free JSON, or a
//! type of yours:
//!
//! ```
//! use gatekeeper_types::constraints::{Constraint, ConstraintParameters, EnforcementAction};
//! use serde::{Deserialize, Serialize};
//!
//! let deny = Constraint::new("K8sDenyPrivileged", "deny-privileged-container")
//!     .match_kinds("", ["Pod"])
//!     .in_namespaces(["demo"])
//!     .enforce(EnforcementAction::Deny);
//! assert_eq!(deny.kind(), "K8sDenyPrivileged");
//!
//! #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
//! struct RequiredLabels {
//!     labels: Vec<String>,
//! }
//!
//! impl ConstraintParameters for RequiredLabels {
//!     const KIND: Option<&'static str> = Some("K8sRequireLabels");
//! }
//!
//! let require = Constraint::of("require-labels", RequiredLabels { labels: vec!["team".into()] });
//! assert_eq!(require.kind(), "K8sRequireLabels");
//! ```

mod constraint;
mod enforcement;
#[cfg(feature = "kube")]
mod kube;
mod status;

pub use constraint::{Constraint, ConstraintParameters, ConstraintSpec, ConstraintVersion, GROUP};
pub use enforcement::{
    EnforcementAction, EnforcementPoint, EnforcementPointName, ScopedEnforcementAction,
};
#[cfg(feature = "kube")]
pub use kube::ConstraintKind;
pub use status::{ConstraintStatus, Violation};
