//! Why a value was not written.

use std::io;

/// Why a value was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A map has a key that is neither a text, a whole number, a character nor a boolean.
    #[error("a key must be a text, a whole number or a boolean")]
    Key,
    /// A type refused to be serialised.
    #[error("{0}")]
    Type(String),
    /// The file or socket behind the writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl serde::ser::Error for WriteError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Type(message.to_string())
    }
}
