//! What a model is read from.

use std::sync::Arc;

use kube_value::Value;
use kube_vocab::Location;
use kube_yaml::{Document, Locations};

/// Where an object comes from. Everything may be unknown: an object made by a program has no file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file as the user named it; `-` for standard input.
    pub file: Option<Arc<str>>,
    /// The line on which the object's document starts, counted from one.
    pub line: Option<usize>,
    /// The Helm release whose chart made it.
    pub release: Option<Arc<str>>,
}

impl Origin {
    /// The line of a file on which an object starts.
    pub fn file(file: impl Into<Arc<str>>, line: usize) -> Self {
        Self {
            file: Some(file.into()),
            line: Some(line),
            release: None,
        }
    }

    /// An object of a Helm release.
    pub fn release(release: impl Into<Arc<str>>) -> Self {
        Self {
            release: Some(release.into()),
            ..Self::default()
        }
    }

    /// The place in the text for a finding about the whole object; `None` where it came from no text.
    pub fn location(&self) -> Option<Location> {
        Some(Location {
            file: self.file.as_deref()?.to_owned(),
            line: self.line?,
        })
    }
}

/// One document for a model: an object, or a list of them (`List`, `PodList`), which is opened.
#[derive(Clone, Debug)]
pub struct SourceObject {
    /// The document as it was read; a `List` is opened later.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
    /// The lines of its values, if it was read from a text.
    pub lines: Option<Locations>,
}

impl SourceObject {
    /// A document and where it comes from.
    pub fn new(value: impl Into<Value>, origin: Origin) -> Self {
        Self {
            value: value.into(),
            origin,
            lines: None,
        }
    }

    /// A document of a file that was read by [`kube_yaml`], with the line of each of its values.
    pub fn read<V: Into<Value>>(file: impl Into<Arc<str>>, document: Document<V>) -> Self {
        Self::new(document.value, Origin::file(file, document.line)).with_lines(document.locations)
    }

    /// The same document, knowing on which line each of its values stands.
    #[must_use]
    pub fn with_lines(self, lines: Locations) -> Self {
        Self {
            lines: Some(lines),
            ..self
        }
    }
}

impl From<Value> for SourceObject {
    fn from(value: Value) -> Self {
        Self::new(value, Origin::default())
    }
}

impl From<serde_json::Value> for SourceObject {
    fn from(value: serde_json::Value) -> Self {
        Self::new(value, Origin::default())
    }
}

impl From<&serde_json::Value> for SourceObject {
    fn from(value: &serde_json::Value) -> Self {
        Self::new(value, Origin::default())
    }
}
