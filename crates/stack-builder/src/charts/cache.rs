//! Charts and their output, kept by content.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ChartError;
use super::archive::Archive;
use crate::checksum::Checksum;
use crate::fresh::FreshFolder;
use crate::release::Release;

/// Everything on which the output of a chart depends.
pub(super) struct Key {
    /// One line, which stands above the output: a file of another key with the same sum is not taken for this one.
    line: String,
    sum: Checksum,
}

impl Key {
    pub(super) fn of(helm: &str, arguments: &[OsString], values: &str, archive: &Archive) -> Self {
        let arguments: Vec<_> = arguments.iter().map(|a| a.to_string_lossy()).collect();
        let content = archive.checksum().0;
        // The values are JSON, which has no line breaks.
        let line = format!("# {helm:?} {arguments:?} {content:032x} {values}\n");
        let sum = Checksum::of(line.as_bytes());
        Self { line, sum }
    }

    fn path(&self, cache: &Path, release: &Release) -> PathBuf {
        cache
            .join("output")
            .join(format!("{}-{:032x}.yaml", release.name, self.sum.0))
    }

    /// The output, if it is there. What cannot be read is rendered again.
    pub(super) fn look_up(&self, cache: &Path, release: &Release) -> Option<String> {
        let text = fs::read_to_string(self.path(cache, release)).ok()?;
        text.strip_prefix(&self.line).map(str::to_owned)
    }

    /// Writes the output, whole or not at all.
    pub(super) fn keep(
        &self,
        cache: &Path,
        release: &Release,
        text: &str,
    ) -> Result<(), ChartError> {
        let path = self.path(cache, release);
        let write = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(cache);
            fs::create_dir_all(folder)?;
            let fresh = FreshFolder::new_in(folder, ".written-")?;
            let whole = fresh.path().join("output");
            let mut file = fs::File::create(&whole)?;
            file.write_all(self.line.as_bytes())?;
            file.write_all(text.as_bytes())?;
            fs::rename(whole, &path)
        };
        write().map_err(|source| ChartError::File {
            release: release.name.clone(),
            path: path.clone(),
            source,
        })
    }
}

/// Where the cache keeps the archive of a release's chart.
pub(super) fn chart(cache: &Path, release: &Release) -> PathBuf {
    let chart = &release.chart;
    // Repositories have charts of one name.
    let from = Checksum::of(chart.repository.as_bytes()).0;
    let file = format!("{}-{}-{from:032x}.tgz", chart.name, chart.version);
    cache.join("charts").join(file)
}
