//! What a policy says of an object.

use kube_vocab::{FieldPath, ObjectId};
use stack_model::EntryId;

/// What becomes of an object that breaks a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It is noted down, and nobody is told.
    Audit,
    /// It is created, and whoever sends it is warned.
    Warn,
    /// It is refused.
    Deny,
}

impl Action {
    /// `audit`, `warn` or `deny`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// Whether a policy is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The object does not keep to the policy.
    Broken,
    /// Nobody can tell from the input; the message says why.
    Unknown,
}

/// What a policy says of an object that does not keep to it, or of which that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The engine: `Gatekeeper`, `Kyverno`, `Pod Security` or `ValidatingAdmissionPolicy`.
    pub engine: &'static str,
    /// The policy, for people: `require-labels`, `namespace demo`, `policy/rule`.
    pub policy: String,
    /// The object that holds the policy.
    pub policy_id: ObjectId,
    /// What becomes of the object.
    pub action: Action,
    /// The object of the model: for a pod, the workload that makes it.
    pub entry: EntryId,
    /// Who that is.
    pub object: ObjectId,
    /// Where in it; for a pod whose policy names no place, the pod template.
    pub path: FieldPath,
    /// Whether the policy is broken.
    pub outcome: Outcome,
    /// In the policy's own words; or why nothing is known.
    pub message: String,
}
