//! Charts that somebody has rendered already.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::{ChartError, Rendered, Renderer};
use crate::release::Release;

/// A folder with the output of `helm template`: `<release>.yaml` for each release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedFolder(PathBuf);

impl RenderedFolder {
    /// A renderer that reads `<release>.yaml` in this folder. Nothing is read yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }
}

impl Renderer for RenderedFolder {
    fn render(&self, release: &Release) -> Result<Rendered, ChartError> {
        let path = self.0.join(format!("{}.yaml", release.name));
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Rendered {
                text,
                file: Some(path.display().to_string()),
            }),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                Err(ChartError::NotRendered {
                    release: release.name.clone(),
                    path,
                })
            }
            Err(source) => Err(ChartError::File {
                release: release.name.clone(),
                path,
                source,
            }),
        }
    }
}
