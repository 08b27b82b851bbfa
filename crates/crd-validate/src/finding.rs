//! What is wrong with an object, where, and which part of the server would say so.

use std::fmt;

/// The part of an API server's work that refuses the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The text is not YAML or JSON that kubectl would send.
    Syntax,
    /// The object is not of the kind that it claims, or breaks a rule that belongs to its built-in kind.
    Type,
    /// Names, labels, annotations and the other members of `metadata`.
    Metadata,
    /// The schema of the kind: fields, JSON types, bounds, formats, list keys.
    Schema,
    /// A validation rule of the CustomResourceDefinition, written in CEL.
    Cel,
}

impl Source {
    /// The word that machine-readable output uses: `syntax`, `type`, `metadata`, `schema` or `cel`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Type => "type",
            Self::Metadata => "metadata",
            Self::Schema => "schema",
            Self::Cel => "cel",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason to refuse an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where, in the server's notation: `spec.rules[0].matches`, `spec.ports[http]`. Empty for the object as a whole.
    pub path: String,
    /// What is wrong and what is allowed, for people; without the path.
    pub message: String,
    /// Who would refuse it.
    pub source: Source,
    /// Whether the server skips the CEL rules of the object because of this fault.
    pub(crate) blocks_rules: bool,
}

impl Finding {
    /// A finding at `path`.
    pub fn new(source: Source, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            source,
            blocks_rules: false,
        }
    }

    pub(crate) fn blocking(
        source: Source,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            blocks_rules: true,
            ..Self::new(source, path, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}
