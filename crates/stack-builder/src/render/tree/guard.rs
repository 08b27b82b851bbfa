//! One writer at a time, and nothing left behind by one that was interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::{WriteError, io_error};

/// How often, and how long apart, a busy place is tried: half a minute in all.
const TRIES: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// Holds a folder against other writers until it is dropped. Where the system has no such locks, it holds nothing.
pub(super) struct Guard(Option<fs::File>);

impl Guard {
    pub(super) fn of(folder: &Path, target: &Path) -> Result<Self, WriteError> {
        // Folders cannot be opened everywhere; who can, locks them, so that no file is left beside the tree.
        if !cfg!(unix) {
            return Ok(Guard(None));
        }
        let handle = fs::File::open(folder).map_err(io_error("open", folder))?;
        for _ in 0..TRIES {
            match handle.try_lock() {
                Ok(()) => return Ok(Guard(Some(handle))),
                Err(fs::TryLockError::WouldBlock) => thread::sleep(PAUSE),
                // A file system without locks.
                Err(fs::TryLockError::Error(_)) => return Ok(Guard(None)),
            }
        }
        Err(WriteError::Busy(target.to_owned()))
    }

    /// Removes what interrupted runs have left in a folder: their staging folders, which hold nothing but what was to be
    /// written. A folder of that name with anything else in it is left alone. Without a lock nothing is removed: another
    /// run may be at work in it.
    pub(super) fn clean(&self, folder: &Path, prefix: &str) {
        if self.0.is_none() {
            return;
        }
        for left_over in staging_folders(folder, prefix) {
            // What cannot be removed hinders nobody.
            let _ = fs::remove_dir_all(left_over);
        }
    }
}

/// The folder inside a staging folder in which new files wait.
pub(super) const NEW: &str = "new";

fn staging_folders(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .filter(|path| {
            fs::read_dir(path).is_ok_and(|mut entries| {
                entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == NEW))
            })
        })
        .collect()
}
