//! Names on which several rooms agree.

use crate::unit::{Content, Unit};

/// The labels by which an ApplicationSet's steps choose.
pub(crate) const ENVIRONMENT: &str = "stack/environment";
pub(crate) const WAVE: &str = "stack/wave";
pub(crate) const COMPONENT: &str = "stack/component";
/// On an Application whose objects are not in the repository: the API groups that it makes, separated by commas.
pub(crate) const PROVIDES: &str = "stack/provides";

/// The cluster in which Argo CD itself runs.
pub(crate) const LOCAL: &str = "https://kubernetes.default.svc";

/// The names of an environment's projects.
#[derive(Clone, Debug)]
pub(crate) struct Projects {
    /// Applications and projects themselves.
    pub(crate) root: String,
    /// Objects that stand in this repository.
    pub(crate) own: String,
    /// What others publish: charts and manifests.
    pub(crate) upstream: String,
}

impl Projects {
    pub(crate) fn new(environment: &str) -> Self {
        Self {
            root: format!("{environment}-root"),
            own: format!("{environment}-own"),
            upstream: format!("{environment}-upstream"),
        }
    }

    /// The project of a unit.
    pub(crate) fn of(&self, unit: &Unit<'_>) -> &str {
        match unit.content {
            Content::Objects(_) => &self.own,
            Content::Release(_) | Content::Manifest(_) => &self.upstream,
        }
    }
}
