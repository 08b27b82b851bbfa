//! Charts on disk: archives and folders.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::{ChartError, ChartSource};
use crate::checksum::Checksum;
use crate::release::Release;

/// More than this, unpacked, no chart has: Helm's own bound.
const MAX_BYTES: u64 = 100 << 20;

/// The files of a chart by their paths below its root, with `/` between the parts.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

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

/// The files of a packed chart, without the folder in which they all lie.
pub(super) fn unpack(bytes: &[u8]) -> io::Result<Files> {
    let mut files = Files::new();
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(MAX_BYTES));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().replace('\\', "/");
        if let Some((_, path)) = path.trim_start_matches("./").split_once('/') {
            let path = path.to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(path, content);
        }
    }
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}
