//! Folders to prepare files in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder that nobody else has; removed with all that is left in it.
#[derive(Debug)]
pub(crate) struct FreshFolder(PathBuf);

impl FreshFolder {
    /// Makes it in another folder. Its name begins with the prefix.
    pub(crate) fn new_in(parent: &Path, prefix: &str) -> io::Result<Self> {
        let process = std::process::id();
        let mut number = 0u64;
        loop {
            let path = parent.join(format!("{prefix}{process}-{number}"));
            match fs::create_dir(&path) {
                // Of another thread, of a process on another machine, or of one that was interrupted.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                made => return made.map(|()| Self(path)),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for FreshFolder {
    fn drop(&mut self) {
        // What cannot be removed is told by whoever meets it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_another_and_none_stays() {
        let parent = tempfile::tempdir().unwrap();
        let one = FreshFolder::new_in(parent.path(), ".new-").unwrap();
        fs::write(one.path().join("file"), "text").unwrap();
        let other = FreshFolder::new_in(parent.path(), ".new-").unwrap();
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
        drop((one, other));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn where_nothing_can_be_made_the_reason_comes_back() {
        let parent = tempfile::tempdir().unwrap();
        let error = FreshFolder::new_in(&parent.path().join("absent"), "").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
