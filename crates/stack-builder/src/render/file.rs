//! A file that a writer makes.

/// A file of the tree, in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the root, with `/` between its parts.
    pub path: String,
    /// All that is in the file, with its last line feed.
    pub text: String,
    /// Whether it gets the permission to be run.
    pub executable: bool,
}
