//! What is said of one object.

use kube_vocab::{Finding, ObjectId, Severity};

use crate::fault::{Fault, Source};

/// The answer to "would a server take this?"
///
/// The code of a finding tells who would refuse the object: `schema` (fields, JSON types, bounds, formats, list keys),
/// `metadata`, `type` (a rule that belongs to a built-in kind, or an object that is not of the kind it claims), `cel` (a rule
/// of a CustomResourceDefinition).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Why the object would be refused; empty where it would be accepted.
    pub findings: Vec<Finding>,
    /// What could not be judged offline, with the reason; it speaks neither for nor against the object. The code is `cel` for
    /// a rule that we cannot evaluate, `cluster` for what depends on the cluster, `definition` for a definition of the kind
    /// that cannot be used.
    pub notes: Vec<Finding>,
}

impl Report {
    /// Whether a server would take the object, as far as that can be known without it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Findings and notes of one object while its parts are still being judged.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) faults: Vec<Fault>,
    pub(crate) notes: Vec<Fault>,
}

impl Outcome {
    pub(crate) fn refused(source: Source, path: &str, message: impl Into<String>) -> Self {
        Self {
            faults: vec![Fault::new(source, path, message)],
            notes: Vec::new(),
        }
    }

    pub(crate) fn unusable(reason: impl Into<String>) -> Self {
        Self {
            faults: Vec::new(),
            notes: vec![Fault::new(Source::Definition, "", reason)],
        }
    }

    /// The same for people and programs, with the object that it is about.
    pub(crate) fn of(self, object: &impl Named) -> Report {
        if self.faults.is_empty() && self.notes.is_empty() {
            return Report::default();
        }
        let id = object.id();
        let named = |faults: Vec<Fault>, severity| {
            let faults = faults.into_iter();
            faults
                .map(|fault| fault.into_finding(&id, severity))
                .collect()
        };
        Report {
            findings: named(self.faults, Severity::Error),
            notes: named(self.notes, Severity::Note),
        }
    }
}

/// An object that says who it is, in whatever form it is held.
pub(crate) trait Named {
    fn member(&self, key: &str) -> Option<&Self>;
    fn text(&self) -> Option<&str>;

    fn id(&self) -> ObjectId {
        let metadata = self.member("metadata");
        let owned = |value: Option<&Self>| value.and_then(Self::text).map(str::to_owned);
        let of_metadata = |key: &str| owned(metadata.and_then(|metadata| metadata.member(key)));
        ObjectId {
            api_version: owned(self.member("apiVersion")).unwrap_or_default(),
            kind: owned(self.member("kind")).unwrap_or_default(),
            namespace: of_metadata("namespace"),
            name: of_metadata("name").unwrap_or_default(),
        }
    }
}

impl Named for serde_json::Value {
    fn member(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }
}

impl Named for kube_value::Value {
    fn member(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }
}
