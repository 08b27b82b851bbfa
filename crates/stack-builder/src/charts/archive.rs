//! Charts on disk: archives and folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{Files, read_folder, unpack};
use super::{ChartError, ChartSource};
use crate::checksum::Checksum;
use crate::release::Release;

/// A chart as an archive or a folder.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Packed(Vec<u8>),
    Unpacked(Files),
}

impl Archive {
    /// The chart of a release in a folder of charts.
    pub(super) fn find(folder: &Path, release: &Release) -> Result<Self, ChartError> {
        let chart = &release.chart;
        // Some publishers write a `v` before the version, some leave it out of the file's name.
        let plain = chart.version.trim_start_matches('v');
        for version in [&*chart.version, plain] {
            let archive = folder.join(format!("{}-{version}.tgz", chart.name));
            if archive.is_file() {
                return Self::open(archive, release);
            }
        }
        for name in [
            format!("{}-{}", chart.name, chart.version),
            chart.name.clone(),
        ] {
            let path = folder.join(name);
            if path.join("Chart.yaml").is_file() {
                let found = Self::open(path, release)?;
                let version = found.source(release)?.version;
                if version.trim_start_matches('v') == plain {
                    return Ok(found);
                }
            }
        }
        Err(ChartError::NoChart {
            release: release.name.clone(),
            chart: chart.name.clone(),
            version: chart.version.clone(),
            folder: folder.to_owned(),
        })
    }

    /// The archive or folder at a path.
    pub(super) fn open(path: PathBuf, release: &Release) -> Result<Self, ChartError> {
        let read = || match path.is_dir() {
            true => {
                let mut files = Files::new();
                read_folder(&path, "", &mut files)?;
                Ok(Content::Unpacked(files))
            }
            false => fs::read(&path).map(Content::Packed),
        };
        match read() {
            Ok(content) => Ok(Self { path, content }),
            Err(source) => Err(ChartError::File {
                release: release.name.clone(),
                path,
                source,
            }),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// By the content alone, not by name or time.
    pub(super) fn checksum(&self) -> Checksum {
        match &self.content {
            Content::Packed(bytes) => Checksum::of(bytes),
            Content::Unpacked(files) => {
                files.iter().fold(Checksum::of(b""), |sum, (path, bytes)| {
                    let length = bytes.len().to_le_bytes();
                    sum.and(path.as_bytes()).and(b"\0").and(&length).and(bytes)
                })
            }
        }
    }

    /// What of the chart says which values are read.
    pub(super) fn source(&self, release: &Release) -> Result<ChartSource, ChartError> {
        let source = match &self.content {
            Content::Packed(bytes) => unpack(bytes)
                .map_err(|error| error.to_string())
                .and_then(|files| ChartSource::read(&files)),
            Content::Unpacked(files) => ChartSource::read(files),
        };
        source.map_err(|message| ChartError::Archive {
            release: release.name.clone(),
            path: self.path.clone(),
            message,
        })
    }
}
