//! The source hydrator: rendered manifests are committed to a branch of their own, and synced from there.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::source::{
    ApplicationSourceDirectory, ApplicationSourceHelm, ApplicationSourceKustomize,
    ApplicationSourcePlugin,
};
use crd_core::string_enum;

/// Renders a dry source, commits the result, and syncs from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceHydrator {
    /// What is rendered.
    pub dry_source: DrySource,
    /// Where the application is synced from.
    pub sync_source: SyncSource,
    /// Where the result is pushed, if not to the branch of `syncSource`; what moves it on is up to
    /// you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hydrate_to: Option<HydrateTo>,
}

/// Where the unrendered sources are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DrySource {
    /// The Git repository; the result goes to the same one.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// A branch, tag or commit.
    pub target_revision: String,
    /// The folder.
    pub path: String,
    /// Options of rendering with Helm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helm: Option<ApplicationSourceHelm>,
    /// Options of rendering with Kustomize.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kustomize: Option<ApplicationSourceKustomize>,
    /// Options of reading plain manifests and Jsonnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<ApplicationSourceDirectory>,
    /// A config management plugin, and what it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin: Option<ApplicationSourcePlugin>,
}

/// Where an application is synced from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncSource {
    /// The branch with rendered manifests.
    pub target_branch: String,
    /// The folder with rendered manifests; the repository's root (`.` or `/`) is refused, since it
    /// is emptied on each run.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1), regex(pattern = r"^.{2,}|[^./]$"))
    )]
    pub path: String,
}

/// Where rendered manifests are pushed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HydrateTo {
    /// The branch.
    pub target_branch: String,
}

/// The state of the source hydrator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceHydratorStatus {
    /// The last run that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_successful_operation: Option<SuccessfulHydrateOperation>,
    /// The run that goes on, or the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_operation: Option<HydrateOperation>,
}

/// One run of the source hydrator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HydrateOperation {
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it ended; absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
    /// How it stands.
    pub phase: HydrateOperationPhase,
    /// More about the phase.
    pub message: String,
    /// The commit that is rendered.
    #[serde(default, rename = "drySHA", skip_serializing_if = "Option::is_none")]
    pub dry_sha: Option<String>,
    /// The commit with the result.
    #[serde(
        default,
        rename = "hydratedSHA",
        skip_serializing_if = "Option::is_none"
    )]
    pub hydrated_sha: Option<String>,
    /// The configuration of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_hydrator: Option<SourceHydrator>,
}

/// A run of the source hydrator that succeeded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SuccessfulHydrateOperation {
    /// The commit that was rendered.
    #[serde(default, rename = "drySHA", skip_serializing_if = "Option::is_none")]
    pub dry_sha: Option<String>,
    /// The commit with the result.
    #[serde(
        default,
        rename = "hydratedSHA",
        skip_serializing_if = "Option::is_none"
    )]
    pub hydrated_sha: Option<String>,
    /// The configuration of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_hydrator: Option<SourceHydrator>,
}

string_enum! {
    /// How a run of the source hydrator stands.
    pub enum HydrateOperationPhase {
        /// It goes on.
        Hydrating = "Hydrating",
        /// It failed; `message` says why.
        Failed = "Failed",
        /// It succeeded.
        Hydrated = "Hydrated",
    }
}
