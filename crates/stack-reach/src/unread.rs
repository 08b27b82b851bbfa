//! Policies that have no effect, because no server would take them.

use stack_model::Entry;

/// A policy that cannot be read: a server would refuse it, so it has no effect here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unread {
    /// The policy, as `Kind namespace/name`.
    pub object: String,
    /// What a server would say against it.
    pub error: String,
}

impl Unread {
    pub(crate) fn new(object: &Entry, error: &impl std::fmt::Display) -> Self {
        Self {
            object: object.id().to_string(),
            error: error.to_string(),
        }
    }
}
