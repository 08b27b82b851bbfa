//! Where the objects of charts come from.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use lab_builder::Bundle;
use lab_builder::stack_builder::charts::{ChartsError, Helm, RenderedFolder};

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
    /// The bundle with what its charts make. `cache` is where Helm's charts and output are kept.
    ///
    /// # Errors
    /// [`ChartsError`] with every release that could not be rendered.
    pub fn add_to(&self, bundle: Bundle, cache: PathBuf) -> Result<Bundle, ChartsError> {
        match self {
            Self::Helm => bundle.with_charts(&Helm::new("helm").cache(cache)),
            Self::Folder(folder) => bundle.with_charts(&RenderedFolder::new(folder)),
        }
    }
}
