//! What Argo CD reports of an application.

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::application_spec::{ApplicationDestination, ResourceIgnoreDifferences};
use super::hydrator::SourceHydratorStatus;
use super::operation::{Operation, OperationInitiator};
use super::source::{ApplicationSource, ApplicationSourceType};
use super::sync::ManagedNamespaceMetadata;

/// What Argo CD reports of an application.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationStatus {
    /// The application's objects.
    pub resources: Vec<ResourceStatus>,
    /// How the cluster compares with the source.
    pub sync: Option<SyncStatus>,
    /// How the application is, which is how the worst of its objects is.
    pub health: Option<HealthStatus>,
    /// Past syncs, the oldest first.
    pub history: Vec<RevisionHistory>,
    /// What is wrong with the application itself, such as a missing project; empty when all is well.
    pub conditions: Vec<ApplicationCondition>,
    /// When the cluster was last compared with the source.
    pub reconciled_at: Option<Time>,
    /// The sync that goes on, or the last one.
    pub operation_state: Option<OperationState>,
    /// No longer set by Argo CD.
    pub observed_at: Option<Time>,
    /// The tool that rendered the source.
    pub source_type: Option<ApplicationSourceType>,
    /// URLs and images of the application.
    pub summary: Option<ApplicationSummary>,
    /// Where the health of single objects is kept: absent for this object, `appTree` for Argo CD's
    /// cache.
    pub resource_health_source: Option<String>,
    /// The tools that rendered the sources, in their order.
    pub source_types: Vec<ApplicationSourceType>,
    /// The namespace of the controller that looks after the application.
    pub controller_namespace: Option<String>,
    /// The state of the source hydrator.
    pub source_hydrator: Option<SourceHydratorStatus>,
}

/// One object of an application.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ResourceStatus {
    /// The API group; absent for the core group.
    pub group: Option<String>,
    /// The version of the object's API, without group: `v1`.
    pub version: Option<String>,
    /// The object's kind, such as `Deployment`.
    pub kind: Option<String>,
    /// The namespace; absent for cluster-scoped objects.
    pub namespace: Option<String>,
    /// The object's name in the cluster.
    pub name: Option<String>,
    /// How the object compares with the source.
    pub status: Option<SyncStatusCode>,
    /// Whether the object works; absent for kinds that Argo CD cannot judge.
    pub health: Option<HealthStatus>,
    /// Whether the object is a hook.
    pub hook: Option<bool>,
    /// Whether the source no longer has the object.
    pub requires_pruning: Option<bool>,
    /// The wave in which it is synced, low ones first; absent is 0.
    pub sync_wave: Option<i64>,
    /// Whether someone must confirm before the object is deleted.
    pub requires_deletion_confirmation: Option<bool>,
}

/// How the cluster compares with the source.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct SyncStatus {
    /// The outcome of the comparison or of the health check.
    pub status: SyncStatusCode,
    /// What the cluster was compared with.
    pub compared_to: Option<ComparedTo>,
    /// The revision of the source.
    pub revision: Option<String>,
    /// The revisions of the sources, in their order.
    pub revisions: Vec<String>,
}

/// What the cluster was compared with.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ComparedTo {
    /// The source, of an application that has one.
    pub source: Option<ApplicationSource>,
    /// The cluster and namespace.
    pub destination: ApplicationDestination,
    /// The sources, of an application that has several.
    pub sources: Vec<ApplicationSource>,
    /// Fields that were allowed to differ.
    pub ignore_differences: Vec<ResourceIgnoreDifferences>,
}

/// How an object or application is.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HealthStatus {
    /// The outcome of the comparison or of the health check.
    pub status: Option<HealthStatusCode>,
    /// Why the outcome is what it is, for people.
    pub message: Option<String>,
    /// When the outcome last changed.
    pub last_transition_time: Option<Time>,
}

/// A past sync.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct RevisionHistory {
    /// The revision, of an application that has one source.
    pub revision: Option<String>,
    /// When the sync ended.
    pub deployed_at: Time,
    /// The number that a rollback names; it grows by one each time.
    pub id: i64,
    /// The source, of an application that has one.
    pub source: Option<ApplicationSource>,
    /// When the sync began; absent in records of older versions.
    pub deploy_started_at: Option<Time>,
    /// The sources, of an application that has several.
    pub sources: Vec<ApplicationSource>,
    /// The revisions of the sources, in their order.
    pub revisions: Vec<String>,
    /// The user who asked for the sync, or that it was automatic.
    pub initiated_by: Option<OperationInitiator>,
}

/// An error or warning.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ApplicationCondition {
    /// What it is about; types that end in `Error` are errors, those that end in `Warning` are
    /// warnings.
    pub r#type: ApplicationConditionType,
    /// What is wrong, for people.
    pub message: String,
    /// When it first appeared.
    pub last_transition_time: Option<Time>,
}

/// A sync that goes on or has ended.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct OperationState {
    /// The operation that was asked for, as it was written.
    pub operation: Operation,
    /// How far the operation has come, or how it ended.
    pub phase: OperationPhase,
    /// Why the phase is what it is, for people.
    pub message: Option<String>,
    /// What became of the objects.
    pub sync_result: Option<SyncOperationResult>,
    /// When the controller took the operation up.
    pub started_at: Time,
    /// When it ended; absent while it goes on.
    pub finished_at: Option<Time>,
    /// How often it was tried again.
    pub retry_count: Option<i64>,
}

/// What became of the objects of a sync.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncOperationResult {
    /// What became of each object of the sync.
    pub resources: Vec<ResourceResult>,
    /// The revision; empty for an application that has several sources.
    pub revision: String,
    /// The source, of an application that has one.
    pub source: Option<ApplicationSource>,
    /// The sources, of an application that has several.
    pub sources: Vec<ApplicationSource>,
    /// The revisions of the sources, in their order.
    pub revisions: Vec<String>,
    /// Labels and annotations that the destination's namespace was given.
    pub managed_namespace_metadata: Option<ManagedNamespaceMetadata>,
}

/// What became of one object.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ResourceResult {
    /// The API group; empty for the core group.
    pub group: String,
    /// The version of the object's API, without group: `v1`.
    pub version: String,
    /// The object's kind, such as `Deployment`.
    pub kind: String,
    /// The namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// The object's name in the cluster.
    pub name: String,
    /// The outcome; absent for hooks.
    pub status: Option<ResultCode>,
    /// Why the outcome is what it is, for people.
    pub message: Option<String>,
    /// When the hook runs; absent for other objects.
    pub hook_type: Option<SyncPhase>,
    /// How the hook, or the wait for another object, stands.
    pub hook_phase: Option<OperationPhase>,
    /// The phase that the object belongs to.
    pub sync_phase: Option<SyncPhase>,
    /// The images of the pods that a hook ran.
    pub images: Vec<String>,
}

/// URLs and images of an application.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSummary {
    /// URLs that its Ingresses and LoadBalancers serve, or that annotations name.
    #[field(rename = "externalURLs")]
    pub external_urls: Vec<String>,
    /// The images of its pods.
    pub images: Vec<String>,
}

/// How the cluster compares with the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum SyncStatusCode {
    /// Not known, often because the source could not be rendered.
    Unknown,
    /// The cluster holds what the source says.
    Synced,
    /// The cluster differs from the source: an object is missing, changed, or to be deleted.
    OutOfSync,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How an object is. Of several, the worst counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum HealthStatusCode {
    /// Not known, often because the check of it failed.
    Unknown,
    /// Not there yet, and may get there.
    Progressing,
    /// Every object works as its kind's health check demands.
    Healthy,
    /// Waits for someone, as a suspended job does.
    Suspended,
    /// Failed, or not there in time.
    Degraded,
    /// The object is not in the cluster.
    Missing,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How a sync or hook stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum OperationPhase {
    /// It has begun, and has not ended.
    Running,
    /// Someone asked for it to end; what was begun is being stopped.
    Terminating,
    /// The objects did not become what they should.
    Failed,
    /// It could not be carried out.
    Error,
    /// It ended, and all objects and hooks succeeded.
    Succeeded,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ResultCode {
    /// The object was applied to the cluster.
    Synced,
    /// The API server refused it.
    SyncFailed,
    /// Deleted, since the source no longer has it.
    Pruned,
    /// The source no longer has it, and it was left in place.
    PruneSkipped,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A part of a sync: all objects of one phase are done before the next begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum SyncPhase {
    /// Before the objects are applied; if a hook fails here, none is.
    PreSync,
    /// The objects, and hooks beside them.
    Sync,
    /// Once the objects are healthy.
    PostSync,
    /// After an earlier phase failed, to clean up.
    SyncFail,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What an error or warning of an application is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ApplicationConditionType {
    /// The objects could not be deleted.
    DeletionError,
    /// The specification is not valid.
    InvalidSpecError,
    /// The source could not be compared with the cluster.
    ComparisonError,
    /// The automatic sync failed.
    SyncError,
    /// Something that Argo CD has no better name for.
    UnknownError,
    /// Another application has the object too.
    SharedResourceWarning,
    /// The source yields an object twice.
    RepeatedResourceWarning,
    /// The project does not allow the object.
    ExcludedResourceWarning,
    /// The project watches for objects of no application, and there are some.
    OrphanedResourceWarning,
    /// A text that this version of the types does not know.
    Other(String),
}
