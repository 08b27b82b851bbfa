//! The source hydrator: rendered manifests are committed to a branch of their own, and synced from there.

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::source::{
    ApplicationSourceDirectory, ApplicationSourceHelm, ApplicationSourceKustomize,
    ApplicationSourcePlugin,
};

/// Renders a dry source, commits the result, and syncs from there.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SourceHydrator {
    /// The source whose output is written to a branch, in plain manifests.
    pub dry_source: DrySource,
    /// Where the application is synced from.
    pub sync_source: SyncSource,
    /// Where the result is pushed, if not to the branch of `syncSource`; what moves it on is up to
    /// you.
    pub hydrate_to: Option<HydrateTo>,
}

/// Where the unrendered sources are.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DrySource {
    /// The Git repository; the result goes to the same one.
    #[field(rename = "repoURL")]
    pub repo_url: String,
    /// The branch, tag or commit that is rendered.
    pub target_revision: String,
    /// The folder within the repository; may not be its root.
    pub path: String,
    /// Options of rendering with Helm.
    pub helm: Option<ApplicationSourceHelm>,
    /// Options of rendering with Kustomize.
    pub kustomize: Option<ApplicationSourceKustomize>,
    /// Options of reading plain manifests and Jsonnet.
    pub directory: Option<ApplicationSourceDirectory>,
    /// A config management plugin, and what it is given.
    pub plugin: Option<ApplicationSourcePlugin>,
}

/// Where an application is synced from.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncSource {
    /// The branch with rendered manifests.
    pub target_branch: String,
    /// The folder with rendered manifests; the repository's root (`.` or `/`) is refused, since it
    /// is emptied on each run.
    #[schemars(length(min = 1), regex(pattern = r"^.{2,}|[^./]$"))]
    pub path: String,
}

/// Where rendered manifests are pushed.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HydrateTo {
    /// The branch that the rendered manifests are pushed to.
    pub target_branch: String,
}

/// The state of the source hydrator.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SourceHydratorStatus {
    /// The last run that succeeded.
    pub last_successful_operation: Option<SuccessfulHydrateOperation>,
    /// The run that goes on, or the last one.
    pub current_operation: Option<HydrateOperation>,
}

/// One run of the source hydrator.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct HydrateOperation {
    /// When the rendering began.
    pub started_at: Option<Time>,
    /// When it ended; absent while it goes on.
    pub finished_at: Option<Time>,
    /// How far the rendering has come, or how it ended.
    pub phase: HydrateOperationPhase,
    /// Why the phase is what it is, for people; empty while all is well.
    pub message: String,
    /// The commit that is rendered.
    #[field(rename = "drySHA")]
    pub dry_sha: Option<String>,
    /// The commit with the result.
    #[field(rename = "hydratedSHA")]
    pub hydrated_sha: Option<String>,
    /// The configuration of the run.
    pub source_hydrator: Option<SourceHydrator>,
}

/// A run of the source hydrator that succeeded.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SuccessfulHydrateOperation {
    /// The commit that was rendered.
    #[field(rename = "drySHA")]
    pub dry_sha: Option<String>,
    /// The commit with the result.
    #[field(rename = "hydratedSHA")]
    pub hydrated_sha: Option<String>,
    /// The configuration of the run.
    pub source_hydrator: Option<SourceHydrator>,
}

/// How a run of the source hydrator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum HydrateOperationPhase {
    /// The source is being rendered and pushed.
    Hydrating,
    /// It failed; `message` says why.
    Failed,
    /// What was rendered is on the branch.
    Hydrated,
}
