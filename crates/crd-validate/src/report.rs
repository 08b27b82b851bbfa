//! What is said of one object.

use crate::finding::{Finding, Source};

/// The answer to "would a server take this?"
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Why the object would be refused; empty where it would be accepted.
    pub findings: Vec<Finding>,
    /// Rules that could not be judged offline, with the reason. They speak neither for nor against the object.
    pub unjudged: Vec<Finding>,
}

impl Report {
    /// Whether a server would take the object.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn add(
        &mut self,
        source: Source,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.findings.push(Finding::new(source, path, message));
    }
}
