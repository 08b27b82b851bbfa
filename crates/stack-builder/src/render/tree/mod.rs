//! Writes the tree, and loses nothing that is not its own.
//!
//! Where nothing stands yet, the tree is written beside its place and moved in whole. Where a tree stands, only files of
//! ours are touched: a checksum of each stands in the marker, so that an edit is known from what we wrote. New content is
//! complete on disk before the first file is moved in, and what an interrupted run leaves, the next one completes.

mod error;
mod guard;
mod marker;
mod plan;

use std::fs;
use std::io;
use std::path::Path;

pub use self::error::WriteError;
use self::error::io_error;
use self::guard::{Guard, NEW};
use self::marker::Marker;
use self::plan::Plan;
use super::File;
use crate::bundle::Bundle;
use crate::checksum::Checksum;
use crate::fresh::FreshFolder;

/// What may be overwritten. The default loses nothing that others wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Write into a folder that holds something else, and over files that were edited or are not ours. What is not in
    /// the way of a file stays even then.
    pub force: bool,
}

/// What writing a tree has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// How many files the tree has, without the marker and without what others have put there.
    pub files: usize,
    /// Files of ours that were edited by hand, and left so: what we would write there has not changed since we wrote it,
    /// or the tree has them no more. Sorted paths below the folder.
    pub kept: Vec<String>,
    /// Files that the tree has no more, and that nobody had edited. Sorted paths below the folder.
    pub removed: Vec<String>,
}

impl Bundle {
    /// Writes the tree to a folder.
    ///
    /// A tree of the same environment that stands there is brought up to date. Files that others have put there stay,
    /// `.git` among them. A file of ours that was edited stays where there is nothing new to write to it; where there is,
    /// the whole call is refused. A file that the tree has no more goes, unless it was edited.
    ///
    /// # Errors
    /// [`WriteError`]; the place is then as it was before, but for what [`WriteError::Io`] says.
    pub fn write_tree(&self, folder: impl AsRef<Path>) -> Result<Written, WriteError> {
        self.write_tree_with(folder, WriteOptions::default())
    }

    /// As [`Bundle::write_tree`], with options.
    ///
    /// # Errors
    /// [`WriteError`]; the place is then as it was before, but for what [`WriteError::Io`] says.
    pub fn write_tree_with(
        &self,
        folder: impl AsRef<Path>,
        options: WriteOptions,
    ) -> Result<Written, WriteError> {
        let tree = Tree {
            program: self.whole.program.clone(),
            noun: self.whole.noun.clone(),
            environment: self.environment.name().to_owned(),
            files: self.files(),
        };
        tree.write(folder, options)
    }
}

/// Files for one folder, which is known as theirs by the file `.<program>` in it.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The name of the program that writes them; the marker file is called after it.
    pub program: String,
    /// What they are called in messages, in lower case: `lab`.
    pub noun: String,
    /// Which of several such trees it is; one is not written over another.
    pub environment: String,
    /// The files, by their paths below the folder, each once.
    pub files: Vec<File>,
}

impl Tree {
    /// Writes the files to a folder, as [`Bundle::write_tree`] does.
    ///
    /// # Errors
    /// [`WriteError`]; the place is then as it was before, but for what [`WriteError::Io`] says.
    pub fn write(
        &self,
        folder: impl AsRef<Path>,
        options: WriteOptions,
    ) -> Result<Written, WriteError> {
        let folder = folder.as_ref();
        // Refused before anything is created, and looked at again when nobody else writes.
        self.inspect(folder, options)?;
        let target = match folder.canonicalize() {
            // A link is filled where it points, so that the link itself stays.
            Ok(target) => target,
            Err(_) => folder.to_owned(),
        };
        let parent = match target.parent() {
            _ if target.file_name().is_none() => return Err(WriteError::NoParent(target)),
            None => return Err(WriteError::NoParent(target)),
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
        };
        fs::create_dir_all(parent).map_err(io_error("create", parent))?;
        let guard = Guard::of(parent, &target)?;
        let prefix = self.staging_prefix();
        guard.clean(parent, &prefix);
        guard.clean(&target, &prefix);
        match self.inspect(&target, options)? {
            None => self.write_new(parent, &target, &self.files),
            Some(marker) => self.update(&target, &marker, &self.files, options),
        }
    }

    fn marker(&self) -> String {
        format!(".{}", self.program)
    }

    fn staging_prefix(&self) -> String {
        format!("{}-", self.marker())
    }

    /// What the marker of the place says, empty for a folder without one; nothing where no folder is. Refuses what must
    /// not be written into.
    fn inspect(&self, folder: &Path, options: WriteOptions) -> Result<Option<Marker>, WriteError> {
        let metadata = match fs::metadata(folder) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error("look at", folder)(error)),
        };
        if !metadata.is_dir() {
            return Err(WriteError::IsFile(folder.to_owned()));
        }
        let environment = self.environment.as_str();
        let path = folder.join(self.marker());
        let marker = match fs::read_to_string(&path) {
            Ok(text) => Marker::read(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !options.force && !self.is_free(folder)? {
                    return Err(WriteError::NotOurs {
                        path: folder.to_owned(),
                        program: self.program.clone(),
                    });
                }
                return Ok(Some(Marker::default()));
            }
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        if !options.force && marker.environment != environment {
            return Err(WriteError::OtherEnvironment {
                noun: self.noun.clone(),
                path: folder.to_owned(),
                found: marker.environment,
                wanted: environment.to_owned(),
            });
        }
        Ok(Some(marker))
    }

    /// Whether a folder without a marker holds nothing: a new repository, and what an interrupted run has left, aside.
    fn is_free(&self, folder: &Path) -> Result<bool, WriteError> {
        let prefix = self.staging_prefix();
        for entry in fs::read_dir(folder).map_err(io_error("read", folder))? {
            let entry = entry.map_err(io_error("read", folder))?;
            let name = entry.file_name();
            if name != ".git" && !name.to_string_lossy().starts_with(&prefix) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn stage(&self, folder: &Path) -> Result<FreshFolder, WriteError> {
        FreshFolder::new_in(folder, &self.staging_prefix())
            .map_err(io_error("create a folder in", folder))
    }

    /// Where nothing is yet: beside its place first, then moved in whole.
    fn write_new(
        &self,
        parent: &Path,
        target: &Path,
        files: &[File],
    ) -> Result<Written, WriteError> {
        let staging = self.stage(parent)?;
        let new = staging.path().join(NEW);
        for file in files {
            write_file(&new, file)?;
        }
        self.write_marker(&new, &self.marker_of(files))?;
        fs::rename(&new, target).map_err(io_error("write", target))?;
        Ok(Written {
            files: files.len(),
            ..Written::default()
        })
    }

    /// Where a folder is: file by file, ours only.
    fn update(
        &self,
        target: &Path,
        marker: &Marker,
        files: &[File],
        options: WriteOptions,
    ) -> Result<Written, WriteError> {
        let plan = Plan::of(target, marker, files, options.force)?;
        if !plan.conflicts.is_empty() {
            return Err(WriteError::Edited {
                path: target.to_owned(),
                files: plan.conflicts,
            });
        }
        let wanted = self.marker_of(files);
        let staging = self.stage(target)?;
        let new = staging.path().join(NEW);
        for file in &plan.write {
            write_file(&new, file)?;
        }
        if !(plan.write.is_empty() && plan.remove.is_empty()) {
            // From here on a file may be the old one or the new one: both are ours.
            let mut both = wanted.clone();
            for (path, sums) in &marker.files {
                for sum in sums {
                    both.add(path, *sum);
                }
            }
            self.replace_marker(staging.path(), target, &both)?;
        }
        for path in &plan.remove {
            remove(target, path)?;
        }
        for file in &plan.write {
            let place = target.join(&file.path);
            clear(target, &file.path)?;
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder).map_err(io_error("create", folder))?;
            }
            fs::rename(new.join(&file.path), &place).map_err(io_error("write", &place))?;
        }
        for file in plan.same.iter().filter(|file| file.executable) {
            make_executable(&target.join(&file.path))?;
        }
        if *marker != wanted || !plan.write.is_empty() || !plan.remove.is_empty() {
            self.replace_marker(staging.path(), target, &wanted)?;
        }
        Ok(Written {
            files: files.len(),
            kept: plan.kept,
            removed: plan.remove,
        })
    }

    fn marker_of(&self, files: &[File]) -> Marker {
        let mut marker = Marker {
            environment: self.environment.clone(),
            ..Marker::default()
        };
        for file in files {
            marker.add(&file.path, Checksum::of(file.text.as_bytes()));
        }
        marker
    }

    fn write_marker(&self, folder: &Path, marker: &Marker) -> Result<(), WriteError> {
        write_file(
            folder,
            &File {
                path: self.marker(),
                text: marker.text(),
                executable: false,
            },
        )
    }

    /// The marker is never half written: it says what must not be lost.
    fn replace_marker(
        &self,
        staging: &Path,
        target: &Path,
        marker: &Marker,
    ) -> Result<(), WriteError> {
        let new = staging.join(NEW);
        self.write_marker(&new, marker)?;
        let name = self.marker();
        let place = target.join(&name);
        fs::rename(new.join(&name), &place).map_err(io_error("write", &place))
    }
}

/// Removes a file, and the folders that it leaves empty.
fn remove(target: &Path, path: &str) -> Result<(), WriteError> {
    let place = target.join(path);
    fs::remove_file(&place).map_err(io_error("remove", &place))?;
    let mut folder = place.parent();
    while let Some(empty) = folder.filter(|folder| *folder != target) {
        // A folder that is not empty stays.
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(())
}

/// Takes away what is in the way of a file: a link or a file where a folder must be, a folder where the file must be.
fn clear(target: &Path, path: &str) -> Result<(), WriteError> {
    let mut at = target.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(metadata) = fs::symlink_metadata(&at) else {
            return Ok(());
        };
        let is_last = parts.peek().is_none();
        if is_last && metadata.is_dir() {
            fs::remove_dir_all(&at).map_err(io_error("remove", &at))?;
        } else if !is_last && !metadata.is_dir() {
            return fs::remove_file(&at).map_err(io_error("remove", &at));
        }
    }
    Ok(())
}

fn write_file(root: &Path, file: &File) -> Result<(), WriteError> {
    let path = root.join(&file.path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io_error("create", parent))?;
    }
    fs::write(&path, &file.text).map_err(io_error("write", &path))?;
    if file.executable {
        make_executable(&path)?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), WriteError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(io_error("make executable", path))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<(), WriteError> {
    Ok(())
}
