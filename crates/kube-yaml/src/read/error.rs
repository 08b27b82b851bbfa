//! What is wrong with a text, or strange in it.

use std::fmt;

/// A document that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What sort of trouble it is.
    pub kind: ErrorKind,
    /// Place of the document in the text, counted as [`Document::index`](crate::Document::index) counts.
    pub index: usize,
    /// Line in the text where the document's content starts, from 1.
    pub start: usize,
    /// Line in the text of what is wrong, from 1.
    pub line: usize,
    /// What is wrong, for people; without the line.
    pub message: String,
}

/// Why a document cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Neither YAML nor JSON.
    Syntax,
    /// Not UTF-8, or a control character.
    Encoding,
    /// A template of Helm or another program; what it renders can be read.
    Template,
    /// YAML that has no counterpart in JSON, such as a list for a key or a number without end.
    NotJson,
    /// Something that kubectl does not read although it is YAML.
    Unsupported,
    /// Nested too deep, or with aliases that stand for too much.
    Limit,
    /// A `List` that is none.
    List,
    /// The value does not fit the type that was asked for.
    Type,
}

impl SyntaxError {
    pub(super) fn new(kind: ErrorKind, line: usize, message: impl Into<String>) -> Self {
        Self {
            kind,
            index: 0,
            start: line,
            line,
            message: message.into(),
        }
    }

    pub(super) fn starting(mut self, line: usize) -> Self {
        self.start = line;
        self
    }
}

/// Something that kubectl reads without a word and that is hardly meant so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What sort of thing it is.
    pub kind: WarningKind,
    /// Line in the text, from 1.
    pub line: usize,
    /// What happens and what to do, for people.
    pub message: String,
}

/// What a reader may stumble over without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WarningKind {
    /// A key stands twice in one map; the last counts.
    DuplicateKey,
    /// A key without quotes is read as something else: `n` as `false`.
    ResolvedKey,
    /// Text behind `...`, which is not read.
    Ignored,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
