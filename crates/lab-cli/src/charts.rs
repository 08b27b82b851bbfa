//! Where the objects of charts come from.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use lab_builder::Bundle;
use lab_builder::stack_builder::charts::{ChartsError, Helm, RenderedFolder};

use crate::progress::Progress;

/// The value of `--charts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charts {
    /// `helm`, as a shell finds it.
    Helm,
    /// A folder with the output of `helm template`, `RELEASE.yaml` each.
    Folder(PathBuf),
}

impl FromStr for Charts {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "helm" => Self::Helm,
            folder => Self::Folder(folder.into()),
        })
    }
}

impl Charts {
    /// The same bundle with its charts rendered anew, to be compared with the first; nothing where a folder holds them.
    ///
    /// # Errors
    /// [`ChartsError`] with every release that could not be rendered.
    pub fn again(
        &self,
        bundle: &Bundle,
        cache: PathBuf,
        progress: &Progress,
    ) -> Result<Option<Bundle>, ChartsError> {
        let Self::Helm = self else { return Ok(None) };
        let count = bundle.releases().count();
        let helm = Helm::new("helm").cache(cache).anew();
        let again = bundle.clone().with_charts(&progress.told(&helm, count));
        again.map(Some)
    }

    /// The bundle with what its charts make, told as it comes. `cache` is where Helm's charts and output are kept.
    ///
    /// # Errors
    /// [`ChartsError`] with every release that could not be rendered.
    pub fn add_to(
        &self,
        bundle: Bundle,
        cache: PathBuf,
        progress: &Progress,
    ) -> Result<Bundle, ChartsError> {
        let count = bundle.releases().count();
        match self {
            Self::Helm => {
                bundle.with_charts(&progress.told(&Helm::new("helm").cache(cache), count))
            }
            Self::Folder(folder) => {
                bundle.with_charts(&progress.told(&RenderedFolder::new(folder), count))
            }
        }
    }
}
