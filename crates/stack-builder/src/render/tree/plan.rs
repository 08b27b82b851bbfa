//! What is done with each file of a tree that is there already. Nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::error::{WriteError, io_error};
use super::marker::Marker;
use crate::checksum::Checksum;
use crate::render::File;

/// What stands at a path.
enum Found {
    Nothing,
    /// A file with the content that is wanted.
    Same,
    /// A file with other content, and the checksum of that.
    File(Checksum),
    /// A link, a folder where a file must be, or something below a link or a file.
    Obstacle,
}

/// What is done.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Written: absent, outdated and ours, or replaced by force.
    pub(super) write: Vec<&'a File>,
    /// As they must be already.
    pub(super) same: Vec<&'a File>,
    /// Edited by hand, and left so: the rendering has not changed since, or has them no more.
    pub(super) kept: Vec<String>,
    /// Ours and untouched, and gone from the rendering.
    pub(super) remove: Vec<String>,
    /// Somebody else's content where ours must be.
    pub(super) conflicts: Vec<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(
        target: &'a Path,
        marker: &'a Marker,
        files: &'a [File],
        force: bool,
    ) -> Result<Self, WriteError> {
        let mut plan = Plan::default();
        let mut fresh: BTreeMap<&str, &File> = BTreeMap::new();
        fresh.extend(files.iter().map(|file| (file.path.as_str(), file)));
        let mut looks = Looks {
            target,
            folders: BTreeSet::new(),
        };
        // First what goes, so that a file may take the place of a folder that it empties.
        for path in marker.files.keys() {
            if fresh.contains_key(path.as_str()) {
                continue;
            }
            match looks.at(path, None)? {
                Found::File(sum) if marker.knows(path, sum) => plan.remove.push(path.clone()),
                Found::File(_) => plan.kept.push(path.clone()),
                Found::Nothing | Found::Same | Found::Obstacle => {}
            }
        }
        let going: BTreeSet<&str> = plan.remove.iter().map(String::as_str).collect();
        let mut kept = Vec::new();
        for file in fresh.into_values() {
            let path = file.path.as_str();
            match looks.at(path, Some(&file.text))? {
                Found::Nothing => plan.write.push(file),
                Found::Same => plan.same.push(file),
                Found::File(found) if marker.knows(path, found) => plan.write.push(file),
                Found::Obstacle if gives_way(target, path, &going)? => plan.write.push(file),
                _ if force => plan.write.push(file),
                // Edited, and nothing new to say: the edit stands.
                _ if marker.knows(path, Checksum::of(file.text.as_bytes())) => {
                    kept.push(path.to_owned());
                }
                _ => plan.conflicts.push(path.to_owned()),
            }
        }
        plan.kept.extend(kept);
        plan.kept.sort();
        Ok(plan)
    }
}

/// Looks at what stands below a folder.
struct Looks<'a> {
    target: &'a Path,
    /// The paths that are folders, and no links to such.
    folders: BTreeSet<&'a str>,
}

impl<'a> Looks<'a> {
    /// What stands at a path, where this text is wanted.
    fn at(&mut self, path: &'a str, wanted: Option<&str>) -> Result<Found, WriteError> {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if self.folders.contains(folder) {
                continue;
            }
            match kind_of(&self.target.join(folder))? {
                None => return Ok(Found::Nothing),
                Some(kind) if kind.is_dir() => self.folders.insert(folder),
                Some(_) => return Ok(Found::Obstacle),
            };
        }
        let place = self.target.join(path);
        match kind_of(&place)? {
            None => Ok(Found::Nothing),
            Some(kind) if kind.is_file() => {
                let content = fs::read(&place).map_err(io_error("read", &place))?;
                Ok(match wanted {
                    Some(text) if text.as_bytes() == content => Found::Same,
                    _ => Found::File(Checksum::of(&content)),
                })
            }
            Some(_) => Ok(Found::Obstacle),
        }
    }
}

/// What a path leads to, without following it if it is a link; nothing where nothing is.
fn kind_of(place: &Path) -> Result<Option<fs::FileType>, WriteError> {
    match fs::symlink_metadata(place) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("look at", place)(error)),
    }
}

/// Whether what is in the way goes with this run: a file of ours where a folder must be, or a folder that holds nothing
/// but files of ours that go.
fn gives_way(target: &Path, path: &str, going: &BTreeSet<&str>) -> Result<bool, WriteError> {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    if above.clone().any(|folder| going.contains(folder)) {
        return Ok(true);
    }
    let folder = target.join(path);
    match fs::symlink_metadata(&folder) {
        Ok(metadata) if metadata.is_dir() => goes_whole(&folder, path, going),
        _ => Ok(false),
    }
}

fn goes_whole(folder: &Path, path: &str, going: &BTreeSet<&str>) -> Result<bool, WriteError> {
    for entry in fs::read_dir(folder).map_err(io_error("read", folder))? {
        let entry = entry.map_err(io_error("read", folder))?;
        let name = entry.file_name();
        let below = format!("{path}/{}", name.to_string_lossy());
        let kind = entry.file_type().map_err(io_error("look at", folder))?;
        let goes = if kind.is_dir() {
            goes_whole(&entry.path(), &below, going)?
        } else {
            going.contains(below.as_str())
        };
        if !goes {
            return Ok(false);
        }
    }
    Ok(true)
}
