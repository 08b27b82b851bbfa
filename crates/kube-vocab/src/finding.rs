//! What is wrong with a stack, and what to do about it.

use std::borrow::Cow;
use std::fmt;

use crate::{FieldPath, ObjectId};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is wrong; something could not be known, or is worth knowing.
    Note,
    /// It works, and someone will regret it.
    Warning,
    /// The cluster would refuse it, or traffic or data would be lost.
    Error,
}

impl Severity {
    /// The word for people and programs: `note`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A Kubernetes object.
    Object(ObjectId),
    /// A Helm release, by its name.
    Release(String),
    /// A file that holds no object, by its path.
    File(String),
    /// The stack as a whole.
    Stack,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(id) => id.fmt(f),
            Self::Release(name) => write!(f, "release {name}"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Stack => f.write_str("stack"),
        }
    }
}

impl From<ObjectId> for Subject {
    fn from(id: ObjectId) -> Self {
        Self::Object(id)
    }
}

impl From<&ObjectId> for Subject {
    fn from(id: &ObjectId) -> Self {
        Self::Object(id.clone())
    }
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file as the user named it; `-` for standard input, empty where the text came from no file.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One thing that is wrong, whoever found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable name of what was looked for, in kebab case: `dangling-backend`. Never reused for something else.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// Where in it; the root for the whole.
    pub path: FieldPath,
    /// Where in the text that was read, if it came from one.
    pub location: Option<Location>,
    /// What is wrong, and what is allowed; without subject and path.
    pub message: String,
    /// What to do about it; empty where the message says it all.
    pub remedy: String,
}

impl Finding {
    /// A finding about the whole of a subject, without a remedy.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        severity: Severity,
        subject: impl Into<Subject>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            severity,
            subject: subject.into(),
            path: FieldPath::root(),
            location: None,
            message: message.into(),
            remedy: String::new(),
        }
    }

    /// The same finding at this path.
    #[must_use]
    pub fn at(mut self, path: impl Into<FieldPath>) -> Self {
        self.path = path.into();
        self
    }

    /// The same finding with this remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The same finding at this place of a text.
    #[must_use]
    pub fn located(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }
}

/// `file:line: severity: subject: path: message (code): remedy`, without the parts that are empty.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}: {}: ", self.severity, self.subject)?;
        if !self.path.is_root() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} ({})", self.message, self.code)?;
        if !self.remedy.is_empty() {
            write!(f, ": {}", self.remedy)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_from_left_to_right() {
        let bare = Finding::new("a-code", Severity::Warning, Subject::Stack, "is odd");
        assert_eq!(bare.to_string(), "warning: stack: is odd (a-code)");
        let full = Finding::new(
            "no-port",
            Severity::Error,
            ObjectId::new("v1", "Service", Some("demo"), "web"),
            "has no port 80",
        )
        .at("spec.ports")
        .remedy("add it")
        .located(Some(Location {
            file: "a.yaml".into(),
            line: 3,
        }));
        assert_eq!(
            full.to_string(),
            "a.yaml:3: error: Service demo/web: spec.ports: has no port 80 (no-port): add it"
        );
    }

    #[test]
    fn an_object_that_is_kept_can_be_the_subject() {
        let id = ObjectId::new("v1", "Service", None, "web");
        assert_eq!(Subject::from(&id), Subject::Object(id));
    }

    #[test]
    fn severities_are_ordered() {
        assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
    }
}
