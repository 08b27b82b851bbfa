//! Writes the tree: beside its place first, then swapped in, so that nobody ever sees half of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::bundle::Bundle;

/// How a tree is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Replace whatever stands in the place, even if it is not a tree of this stack. Its content is lost.
    pub force: bool,
}

/// Why a tree was not written. Nothing has changed on disk then, unless the variant says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The place is taken by a file.
    #[error("{} is a file: give a folder, or a path that does not exist yet", .0.display())]
    IsFile(PathBuf),
    /// The place holds something that we did not write.
    #[error("{} is not empty and was not written by {program}: choose another folder, or replace it all with --force (WriteOptions::force)", path.display())]
    NotOurs {
        /// The place.
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
        /// The place.
        path: PathBuf,
        /// What is there.
        found: String,
        /// What was to be written.
        wanted: String,
    },
    /// The place cannot be replaced as a whole, such as `/`.
    #[error("{} cannot be replaced: give a folder below it", .0.display())]
    NoParent(PathBuf),
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn io_error<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> WriteError + 'a {
    move |source| WriteError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

impl Bundle {
    /// Writes the tree to a folder, and returns how many files it has. A tree of the same environment that stands
    /// there is replaced as a whole.
    ///
    /// # Errors
    /// [`WriteError`]; the place is then as it was before.
    pub fn write_tree(&self, folder: impl AsRef<Path>) -> Result<usize, WriteError> {
        self.write_tree_with(folder, WriteOptions::default())
    }

    /// As [`Bundle::write_tree`], with options.
    ///
    /// # Errors
    /// [`WriteError`]; the place is then as it was before.
    pub fn write_tree_with(
        &self,
        folder: impl AsRef<Path>,
        options: WriteOptions,
    ) -> Result<usize, WriteError> {
        let folder = folder.as_ref();
        let marker = self.whole.marker();
        let occupied = self.inspect(folder, options)?;
        // A link is replaced where it points, so that the link itself stays.
        let target = match occupied {
            true => folder.canonicalize().map_err(io_error("resolve", folder))?,
            false => folder.to_owned(),
        };
        if target.file_name().is_none() {
            return Err(WriteError::NoParent(target));
        }
        let parent = match target.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => return Err(WriteError::NoParent(target)),
        };
        fs::create_dir_all(parent).map_err(io_error("create", parent))?;
        let beside = tempfile::Builder::new()
            .prefix(&format!("{marker}-"))
            .tempdir_in(parent)
            .map_err(io_error("create a folder in", parent))?;

        let fresh = beside.path().join("new");
        let files = self.files();
        for file in &files {
            write_file(&fresh.join(&file.path), &file.text, file.executable)?;
        }
        write_file(
            &fresh.join(&marker),
            &format!("{}\n", self.environment.name()),
            false,
        )?;

        let old = beside.path().join("old");
        if occupied {
            fs::rename(&target, &old).map_err(io_error("move away", &target))?;
        }
        if let Err(source) = fs::rename(&fresh, &target) {
            if occupied {
                fs::rename(&old, &target).map_err(io_error("put back", &target))?;
            }
            return Err(io_error("write", &target)(source));
        }
        // The new tree is in place: what is left of the old one goes with `beside`.
        Ok(files.len())
    }

    /// Says whether something stands in the place, and refuses what must not be replaced.
    fn inspect(&self, folder: &Path, options: WriteOptions) -> Result<bool, WriteError> {
        let metadata = match fs::metadata(folder) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(io_error("look at", folder)(error)),
        };
        if !metadata.is_dir() {
            return Err(WriteError::IsFile(folder.to_owned()));
        }
        let environment = self.environment.name();
        if options.force {
            return Ok(true);
        }
        let marker = folder.join(self.whole.marker());
        match fs::read_to_string(&marker) {
            Ok(found) if found.trim_end() == environment => Ok(true),
            Ok(found) => Err(WriteError::OtherEnvironment {
                noun: self.whole.noun.clone(),
                path: folder.to_owned(),
                found: found.trim_end().to_owned(),
                wanted: environment.to_owned(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut entries = fs::read_dir(folder).map_err(io_error("read", folder))?;
                if entries.next().is_none() {
                    Ok(true)
                } else {
                    Err(WriteError::NotOurs {
                        path: folder.to_owned(),
                        program: self.whole.program.clone(),
                    })
                }
            }
            Err(error) => Err(io_error("read", &marker)(error)),
        }
    }
}

fn write_file(path: &Path, text: &str, executable: bool) -> Result<(), WriteError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io_error("create", parent))?;
    }
    fs::write(path, text).map_err(io_error("write", path))?;
    #[cfg(unix)]
    if executable {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))
            .map_err(io_error("make executable", path))?;
    }
    #[cfg(not(unix))]
    let _ = executable;
    Ok(())
}
