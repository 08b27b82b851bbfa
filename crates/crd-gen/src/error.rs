//! Why nothing was generated.

/// Why no crate could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no CustomResourceDefinition among the documents.
    #[error("no CustomResourceDefinition found")]
    NoDefinitions,
    /// Cargo would not take the crate's name.
    #[error(
        "`{0}` is no name for a crate: it begins with a letter, has letters, digits, `-` and `_`, and none that Rust keeps \
         for itself"
    )]
    Name(String),
    /// Something that every CustomResourceDefinition has is not there.
    #[error("{name}: `{path}` is missing")]
    Incomplete {
        /// The definition's name, or what else is known of it.
        name: String,
        /// What is missing.
        path: String,
    },
    /// Two documents define one kind.
    #[error("{group}: the kind {kind} is defined twice")]
    Twice {
        /// The API group.
        group: String,
        /// The kind that two documents define.
        kind: String,
    },
    /// The overrides are no TOML, or have a table or key that means nothing.
    #[error("overrides: {0}")]
    Overrides(String),
    /// An override names a place or a type that the definitions do not have.
    #[error("overrides: [{table}] \"{key}\": {reason}")]
    Stale {
        /// The table of the overrides.
        table: &'static str,
        /// The key in it.
        key: String,
        /// What is there instead.
        reason: String,
    },
}

impl Error {
    /// An override that does not fit what is there.
    pub(crate) fn stale(table: &'static str, key: &str, reason: String) -> Self {
        Self::Stale {
            table,
            key: key.to_owned(),
            reason,
        }
    }
}
