use std::path::PathBuf;

/// Why files could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file or folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file or folder that could not be read.
        path: PathBuf,
        /// What the reader says is wrong with it.
        source: std::io::Error,
    },
    /// The file is no YAML.
    #[error("{path}: {source}", path = path.display())]
    Yaml {
        /// The file or folder that could not be read.
        path: PathBuf,
        /// What the reader says is wrong with it.
        source: serde_yaml::Error,
    },
    /// There is nothing to read below this folder.
    #[error("{path}: no CustomResourceDefinition and no inventory here", path = .0.display())]
    Empty(PathBuf),
}
