//! What is wrong with an object, where, and which part of the server would say so.

use kube_vocab::{FieldPath, Finding, ObjectId, Severity};

/// The code of a note that says that the definition of the kind is broken.
pub(crate) const DEFINITION: &str = "definition";

/// The part of an API server's work that refuses the object: the code of the finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The object is not of the kind that it claims, or breaks a rule that belongs to its built-in kind.
    Type,
    /// Names, labels, annotations and the other members of `metadata`.
    Metadata,
    /// The schema of the kind: fields, JSON types, bounds, formats, list keys.
    Schema,
    /// A validation rule of the CustomResourceDefinition, written in CEL.
    Cel,
    /// Nobody but the cluster knows: what must exist there, and what it gives out.
    Cluster,
    /// The definition of the kind cannot be used.
    Definition,
}

impl Source {
    fn code(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Metadata => "metadata",
            Self::Schema => "schema",
            Self::Cel => "cel",
            Self::Cluster => "cluster",
            Self::Definition => DEFINITION,
        }
    }
}

/// One reason to refuse an object, before it is known which object it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) source: Source,
    pub(crate) path: FieldPath,
    pub(crate) message: String,
    /// Whether the server skips the CEL rules of the object because of this fault.
    pub(crate) blocks_rules: bool,
}

impl Fault {
    pub(crate) fn new(
        source: Source,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            source,
            path: path.into(),
            message: message.into(),
            blocks_rules: false,
        }
    }

    pub(crate) fn blocking(
        source: Source,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            blocks_rules: true,
            ..Self::new(source, path, message)
        }
    }

    pub(crate) fn into_finding(self, object: &ObjectId, severity: Severity) -> Finding {
        Finding::new(self.source.code(), severity, object, self.message).at(self.path)
    }
}

/// A text of at most `most` characters; what was cut off is three dots.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}
