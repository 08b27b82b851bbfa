//! Evaluates the Rego of templates over objects, as Gatekeeper does at admission.
//!
//! ```
//! use gatekeeper_types::constraints::Constraint;
//! use gatekeeper_types::rego::{PolicySet, Review};
//! use gatekeeper_types::templates::v1::ConstraintTemplate;
//! use serde_json::json;
//!
//! let mut policies = PolicySet::default();
//! policies.add_template(&ConstraintTemplate::rego(
//!     "DenyLatest",
//!     r#"package denylatest
//!
//! violation[{"msg": msg}] {
//!   container := input.review.object.spec.containers[_]
//!   endswith(container.image, ":latest")
//!   msg := sprintf("%v is not pinned", [container.image])
//! }
//! "#,
//! ))?;
//! policies.add_constraint(&Constraint::new("DenyLatest", "pin-images").match_kinds("", ["Pod"]))?;
//!
//! let pod = json!({
//!     "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "demo"},
//!     "spec": {"containers": [{"name": "web", "image": "web:latest"}]},
//! });
//! let verdict = policies.review(&Review::create(pod))?;
//! assert!(verdict.is_denied());
//! assert_eq!(verdict.denials().next().map(ToString::to_string).as_deref(), Some("[pin-images] web:latest is not pinned"));
//! # Ok::<(), gatekeeper_types::rego::RegoError>(())
//! ```
//!
//! Not evaluated: CEL, mutation, expansion, `external_data` and `http.send`; a policy that calls one of the last two is an
//! error that says so.

mod error;
mod format;
mod inventory;
mod policy;
mod policy_set;
mod review;
mod source;

pub use error::{Position, RegoError};
pub use inventory::Inventory;
pub use policy::{Policy, PolicyViolation};
pub use policy_set::{AnyTemplate, PolicySet, Verdict, Violation};
pub use review::Review;
