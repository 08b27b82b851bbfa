//! A judged document, and the count of many.

use std::borrow::Cow;
use std::ops::AddAssign;

use crd_validate::Verdict;
use kube_vocab::{Finding, Location, ObjectId, Severity, Subject};
use serde_json::Value;
use stack_model::parallel;

use crate::files::Bytes;

/// From how many documents on another thread gives them back: for fewer it takes longer to start.
const MANY: usize = 500;

/// One input, judged.
pub(super) struct Part {
    /// Name of the file.
    pub file: String,
    /// What it holds, for excerpts.
    pub bytes: Bytes,
    /// Its documents, in their order; those alone of which there is something to say, where the format asks for no more.
    pub documents: Vec<Document>,
    /// The lines on which more than one of its documents starts, as in a list on one line.
    pub crowded: Vec<usize>,
    /// What they come to.
    pub counts: Counts,
    /// Complaints about definitions, of which several inputs may have the same.
    pub unusable: Vec<String>,
}

impl Part {
    /// What is wrong with definitions. All else is given back, much of it while the caller goes on.
    pub fn give_back(mut self) -> Vec<String> {
        let unusable = std::mem::take(&mut self.unusable);
        if self.documents.len() >= MANY {
            parallel::give_back(self);
        }
        unusable
    }

    /// What is wrong in it, in the shared vocabulary.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.documents
            .iter()
            .flat_map(|document| document.findings.iter().map(move |found| (document, found)))
            .filter(|(_, found)| found.severity != Severity::Note)
            .map(|(document, found)| {
                let place = Location {
                    file: self.file.clone(),
                    line: found.line,
                };
                Finding::new(
                    found.code.clone(),
                    found.severity,
                    document.identity(&self.file),
                    found.message.clone(),
                )
                .at(found.path.clone())
                .remedy(found.remedy.clone())
                .located(Some(place))
            })
    }
}

/// A judged document.
pub(super) struct Document {
    /// Place in the file, from 0.
    pub index: usize,
    /// Where the document starts.
    pub line: usize,
    pub api_version: Option<String>,
    pub kind: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    /// The prefix of a name that the server completes.
    pub generate_name: Option<String>,
    pub outcome: Outcome,
    /// What is to be said, by line.
    pub findings: Vec<Found>,
    /// The document through our types, where it is asked for.
    pub object: Option<Value>,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A server would take it.
    Accepted,
    /// A server would refuse it.
    Rejected,
    /// No definition of its kind is known, or it is broken.
    Unknown,
    /// It is not meant for a server.
    NoObject,
}

impl Outcome {
    /// The word for programs, which know three: what is no object is unknown to them.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => Verdict::Accepted.as_str(),
            Self::Rejected => Verdict::Rejected.as_str(),
            Self::Unknown | Self::NoObject => Verdict::Unknown.as_str(),
        }
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accepted => Self::Accepted,
            Verdict::Rejected => Self::Rejected,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

/// One thing that is to be said of a document.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub severity: Severity,
    /// The stable word for the kind of fault: `schema`, `cel`, `unknown-kind`.
    pub code: Cow<'static, str>,
    /// In the server's notation; empty for the document as a whole.
    pub path: String,
    pub message: String,
    /// What to do about it; empty where the message says it all.
    pub remedy: String,
    pub line: usize,
    /// Whether it makes the command fail.
    pub fails: bool,
}

impl Found {
    /// Whether it speaks of a kind that is not known, or of what is no object.
    pub fn is_unknown(&self) -> bool {
        self.code == UNKNOWN_KIND
    }

    /// `path: message`, or the message alone.
    pub fn text(&self) -> String {
        match self.path.as_str() {
            "" => self.message.clone(),
            path => format!("{path}: {}", self.message),
        }
    }
}

/// No definition of the document's kind is known.
pub(super) const UNKNOWN_KIND: &str = "unknown-kind";
/// The document is not meant for a server.
pub(super) const NO_OBJECT: &str = "no-object";

/// The codes of what is found in one object alone, each with what it stands for.
pub(crate) const CODES: [(&str, &str); 9] = [
    (
        "syntax",
        "The text is not YAML or JSON that kubectl would send",
    ),
    (
        "type",
        "The object is not of the kind that it claims, or breaks a rule of its built-in kind",
    ),
    (
        "metadata",
        "Names, labels, annotations and the other members of metadata",
    ),
    (
        "schema",
        "Fields, JSON types, bounds, formats and list keys of the kind's schema",
    ),
    ("cel", "A validation rule of the kind's definition"),
    (
        "cluster",
        "What depends on the cluster and cannot be known without it",
    ),
    (
        "definition",
        "The definition of the kind cannot be used, so that the object could not be judged",
    ),
    (
        "unknown-kind",
        "No definition of the kind is known, so that the object could not be judged",
    ),
    (
        "no-object",
        "A template, a patch or a kustomization: what is made of it is to be checked",
    ),
];

impl Document {
    /// The object, or its file where it does not say who it is.
    fn identity(&self, file: &str) -> Subject {
        let name = self.name.as_deref().or(self.generate_name.as_deref());
        match (&self.api_version, &self.kind, name) {
            (Some(version), Some(kind), Some(name)) => Subject::Object(ObjectId::new(
                version.as_str(),
                kind.as_str(),
                self.namespace.as_deref(),
                name,
            )),
            _ => Subject::File(file.to_owned()),
        }
    }

    /// `Kind namespace/name`, as far as the document says, or nothing.
    pub fn subject(&self) -> String {
        let name = self.name.as_deref().or(self.generate_name.as_deref());
        let name = match (self.namespace.as_deref(), name) {
            (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
            (_, name) => name.unwrap_or_default().to_owned(),
        };
        let subject = [self.kind.as_deref().unwrap_or_default(), &name].join(" ");
        subject.trim().to_owned()
    }

    /// `Kind namespace/name: path: message`, without the parts that are missing.
    pub fn sentence(&self, found: &Found) -> String {
        match self.subject().as_str() {
            "" => found.text(),
            subject => format!("{subject}: {}", found.text()),
        }
    }
}

/// What was found so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub accepted: usize,
    pub rejected: usize,
    pub unknown: usize,
    /// Documents that are not meant for a server.
    pub no_objects: usize,
    /// Errors, in all documents together.
    pub errors: usize,
    pub warnings: usize,
    /// Findings that make the command fail.
    pub failing: usize,
}

impl Counts {
    /// Counts one document.
    pub fn add(&mut self, document: &Document) {
        match document.outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Rejected => self.rejected += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::NoObject => self.no_objects += 1,
        }
        for found in &document.findings {
            match found.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => {}
            }
            self.failing += usize::from(found.fails);
        }
    }

    /// Documents that are objects, or claim to be.
    pub fn judged(&self) -> usize {
        self.accepted + self.rejected + self.unknown
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.unknown += other.unknown;
        self.no_objects += other.no_objects;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.failing += other.failing;
    }
}
