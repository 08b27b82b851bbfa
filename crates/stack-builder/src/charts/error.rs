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
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// The file that was looked for.
        path: PathBuf,
    },
    /// A file cannot be read, or one of the cache not written.
    #[error("release {release}: {}: {source}", .path.display())]
    File {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// The file that could not be read.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The folder of archives has no chart of this name and version.
    #[error("release {release}: there is neither {chart}-{version}.tgz nor a folder of the chart at that version in `{}`", .folder.display())]
    NoChart {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// The chart's name, without its repository.
        chart: String,
        /// The version that the release pins.
        version: String,
        /// The folder that was looked into.
        folder: PathBuf,
    },
    /// The program cannot be run.
    #[error("release {release}: `{}` cannot be run: {source}", .program.display())]
    Program {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// The program that was started, as it was given: a name that is looked for on the path, or a path.
        program: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Helm ended with an error: values that the chart's schema refuses, a template that fails, a chart that it cannot find.
    #[error("release {release}: `{command}` fails: {stderr}")]
    Helm {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// What was run; values come through standard input.
        command: String,
        /// What Helm says on standard error.
        stderr: String,
    },
    /// What was rendered is no YAML.
    #[error("release {release}: {place}: {message}")]
    Syntax {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// Which file of the output and which line of it, as `file:line`.
        place: String,
        /// What is wrong, in the words of whoever found it.
        message: String,
    },
    /// A document that was rendered is no object.
    #[error("release {release}: {place}: the document has no text in `{lacks}`")]
    NoObject {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// Which file of the output and which line of it, as `file:line`.
        place: String,
        /// The key that is missing or no text: `apiVersion` or `kind`.
        lacks: &'static str,
    },
    /// A chart archive or its metadata cannot be read.
    #[error("release {release}: chart `{}`: {message}", .path.display())]
    Archive {
        /// The release that was to be rendered, by its name in Helm.
        release: String,
        /// The `.tgz` or the unpacked folder that was to be read.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        message: String,
    },
}

/// Every release of a bundle that could not be rendered, in the order of installation.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ChartsError(pub Vec<ChartError>);
