//! A sync that someone asked for.

use super::application_spec::Info;
use super::source::ApplicationSource;
use super::sync::RetryStrategy;
use super::sync_option::SyncOption;
use crd_core::Object;

/// A sync that someone asked for; Argo CD takes it off the application once it has begun.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Operation {
    /// The sync that is asked for; absent asks for nothing.
    pub sync: Option<SyncOperation>,
    /// The user who asked for it, or that it was automatic.
    pub initiated_by: Option<OperationInitiator>,
    /// Notes that the web interface shows with the operation.
    pub info: Vec<Info>,
    /// How it is tried again when it fails.
    pub retry: Option<RetryStrategy>,
}

/// What is synced, and how; what is absent comes from the application.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncOperation {
    /// The revision to sync to. Absent means the application's `targetRevision`.
    pub revision: Option<String>,
    /// Whether objects that the source no longer has are deleted. Absent means no.
    pub prune: Option<bool>,
    /// Whether nothing is changed in the cluster. Absent means that it is.
    pub dry_run: Option<bool>,
    /// Whether hooks run and whether objects are replaced by force. Absent runs hooks.
    pub sync_strategy: Option<SyncStrategy>,
    /// The objects to sync. Empty means all.
    pub resources: Vec<SyncOperationResource>,
    /// The source to use in place of the application's; set on a rollback.
    pub source: Option<ApplicationSource>,
    /// Manifests to use in place of the source's, as text.
    pub manifests: Vec<String>,
    /// Switches for all objects.
    pub sync_options: Vec<SyncOption>,
    /// The sources to use in place of the application's, for applications of several.
    pub sources: Vec<ApplicationSource>,
    /// The revisions to sync to, one per source, for applications of several.
    pub revisions: Vec<String>,
    /// How often self-healing has tried already.
    pub auto_heal_attempts_count: Option<i64>,
}

/// One object to sync.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncOperationResource {
    /// The API group; absent for the core group.
    pub group: Option<String>,
    /// The object's kind, exactly.
    pub kind: String,
    /// The object's name, exactly.
    pub name: String,
    /// The object's namespace. Absent means that of the destination.
    pub namespace: Option<String>,
}

/// Who asked for a sync.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OperationInitiator {
    /// The user; absent for automatic syncs.
    pub username: Option<String>,
    /// Whether Argo CD itself asked.
    pub automated: Option<bool>,
}

/// How objects are applied. One of the two; absent means `hook`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncStrategy {
    /// Like `kubectl apply`, without hooks.
    pub apply: Option<SyncStrategyApply>,
    /// With hooks, where the source has any.
    pub hook: Option<SyncStrategyHook>,
}

/// Applies objects without hooks.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncStrategyApply {
    /// Whether an object that cannot be changed is deleted and created anew. Absent means no.
    pub force: Option<bool>,
}

/// Applies objects with hooks.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncStrategyHook {
    /// Whether an object that cannot be changed is deleted and created anew. Absent means no.
    pub force: Option<bool>,
}
