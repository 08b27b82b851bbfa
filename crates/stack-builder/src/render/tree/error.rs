//! Why a tree was not written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a tree was not written. Nothing has changed on disk then, unless the variant says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The place is taken by a file.
    #[error("{} is a file: give a folder, or a path that does not exist yet", .0.display())]
    IsFile(PathBuf),
    /// The place holds something that we did not write.
    #[error(
        "{} is not empty and was not written by {program}: choose another folder, or write into it with --force \
         (WriteOptions::force), which overwrites the files that are in the way", path.display()
    )]
    NotOurs {
        /// The folder that was to be written.
        path: PathBuf,
        /// The program that writes the stack.
        program: String,
    },
    /// The place holds the stack of another environment.
    #[error(
        "{} holds the {noun} of environment `{found}`, not `{wanted}`: choose another folder, or replace it with --force (WriteOptions::force)", path.display()
    )]
    OtherEnvironment {
        /// What the stack is called.
        noun: String,
        /// The folder that was to be written.
        path: PathBuf,
        /// The environment that the folder's marker names.
        found: String,
        /// What was to be written.
        wanted: String,
    },
    /// Files of the tree were edited, or are somebody else's, and the tree has other content for them.
    #[error(
        "{} holds files that were edited or added by hand where others are to be written: {}; move them away, or \
         overwrite them with --force (WriteOptions::force)", path.display(), Listed(files)
    )]
    Edited {
        /// The folder that was to be written.
        path: PathBuf,
        /// The files, below the place, sorted.
        files: Vec<String>,
    },
    /// Another writer is at work on the place, or on one beside it, and does not come to an end.
    #[error("{} is being written by another run, which takes too long: try again when it is done", .0.display())]
    Busy(PathBuf),
    /// The place cannot be replaced as a whole, such as `/`.
    #[error("{} cannot be replaced: give a folder below it", .0.display())]
    NoParent(PathBuf),
    /// The file system refused. While files are moved into a tree that is there, some of them may have been moved
    /// already; the next run completes it.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was being done, as a verb: `read`, `rename`.
        action: &'static str,
        /// The file or folder that it was done to.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

/// The first of many names, and how many there are more.
struct Listed<'a>(&'a [String]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        let shown = &self.0[..self.0.len().min(SHOWN)];
        f.write_str(&shown.join(", "))?;
        match self.0.len() - shown.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

pub(super) fn io_error<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> WriteError + 'a {
    move |source| WriteError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
