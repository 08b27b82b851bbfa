//! Why a chart gives no objects.

use std::io;
use std::path::PathBuf;

/// Why a release could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The folder of rendered output has no file of the release.
    #[error("release {release}: `{}` is not there; write into it what `helm template {release}` prints", .path.display())]
    NotRendered {
        /// The release.
        release: String,
        /// The file that was looked for.
        path: PathBuf,
    },
    /// A file cannot be read, or one of the cache not written.
    #[error("release {release}: {}: {source}", .path.display())]
    File {
        /// The release.
        release: String,
        /// The file that could not be read.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The folder of archives has no chart of this name and version.
    #[error("release {release}: there is neither {chart}-{version}.tgz nor a folder of the chart at that version in `{}`", .folder.display())]
    NoChart {
        /// The release.
        release: String,
        /// The chart's name.
        chart: String,
        /// Its version.
        version: String,
        /// The folder that was looked into.
        folder: PathBuf,
    },
    /// The program cannot be run.
    #[error("release {release}: `{}` cannot be run: {source}", .program.display())]
    Program {
        /// The release.
        release: String,
        /// The program.
        program: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Helm refuses.
    #[error("release {release}: `{command}` fails: {stderr}")]
    Helm {
        /// The release.
        release: String,
        /// What was run; values come through standard input.
        command: String,
        /// What Helm says on standard error.
        stderr: String,
    },
    /// What was rendered is no YAML.
    #[error("release {release}: {place}: {message}")]
    Syntax {
        /// The release.
        release: String,
        /// File and line.
        place: String,
        /// What is wrong, in the words of whoever found it.
        message: String,
    },
    /// A document that was rendered is no object.
    #[error("release {release}: {place}: the document has no text in `{lacks}`")]
    NoObject {
        /// The release.
        release: String,
        /// File and line.
        place: String,
        /// `apiVersion` or `kind`.
        lacks: &'static str,
    },
    /// A chart archive or its metadata cannot be read.
    #[error("release {release}: chart `{}`: {message}", .path.display())]
    Archive {
        /// The release.
        release: String,
        /// The archive or folder.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        message: String,
    },
}

/// Every release of a bundle that could not be rendered, in the order of installation.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ChartsError(pub Vec<ChartError>);
