//! What an engine of policies is.

use kube_vocab::ObjectId;

use crate::case::Case;
use crate::verdict::Verdict;

/// A kind of policies, ready to be asked about objects.
pub trait Engine: Send + Sync {
    /// The policies that it knows, for an overview.
    fn policies(&self) -> Vec<PolicyRow>;

    /// Adds what its policies say of an object: nothing where it keeps to all.
    fn judge(&self, case: &Case<'_>, verdicts: &mut Vec<Verdict>);
}

/// A policy in an overview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// The engine's name, as people know it: `Kyverno`.
    pub engine: &'static str,
    /// The object that holds it.
    pub id: ObjectId,
    /// Why it cannot be evaluated at all, if it cannot.
    pub unknown: Option<String>,
}
