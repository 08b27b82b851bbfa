//! What an application says of itself: source, destination, and how the two are kept the same.

use crd_core::Object;

use super::hydrator::SourceHydrator;
use super::source::ApplicationSource;
use super::sync::SyncPolicy;

/// What is deployed where, and how it is kept there.
///
/// One of `source`, `sources` and `sourceHydrator` says what; `sources` wins over `source`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSpec {
    /// The AppProject that the application belongs to; `default` always exists.
    pub project: String,
    /// The source of an application that has one.
    pub source: Option<ApplicationSource>,
    /// The sources of an application that has several. Where they yield one object twice, the last
    /// wins.
    pub sources: Vec<ApplicationSource>,
    /// The source of an application whose manifests are rendered into a branch.
    pub source_hydrator: Option<SourceHydrator>,
    /// The cluster and namespace.
    pub destination: ApplicationDestination,
    /// When and how the application is synced. Absent means by hand.
    pub sync_policy: Option<SyncPolicy>,
    /// Fields that may differ between the source and the cluster.
    pub ignore_differences: Vec<ResourceIgnoreDifferences>,
    /// Notes and links that the web interface shows.
    pub info: Vec<Info>,
    /// How many past syncs are kept for rollbacks. Absent means 10; 0 keeps none.
    pub revision_history_limit: Option<i64>,
}

/// A cluster and a namespace.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationDestination {
    /// The URL of the cluster's API server. Either this or `name`.
    pub server: Option<String>,
    /// The cluster's name as registered with Argo CD; `in-cluster` is the one that Argo CD runs in.
    pub name: Option<String>,
    /// The namespace of objects that name none.
    pub namespace: Option<String>,
}

/// Fields of some objects that may differ between the source and the cluster.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ResourceIgnoreDifferences {
    /// The API group; absent for the core group, `*` for all.
    pub group: Option<String>,
    /// The kind; `*` for all.
    pub kind: String,
    /// The name. Absent means any.
    pub name: Option<String>,
    /// The namespace. Absent means any.
    pub namespace: Option<String>,
    /// Fields as JSON pointers, such as `/spec/replicas`.
    pub json_pointers: Vec<String>,
    /// Fields as jq expressions, such as `.spec.template.spec.initContainers[]`.
    pub jq_path_expressions: Vec<String>,
    /// All fields that these field managers own.
    pub managed_fields_managers: Vec<String>,
}

/// A note that the web interface shows; a value that is a URL becomes a link.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Info {
    /// The heading under which the web page shows it, such as `Runbook`.
    pub name: String,
    /// The text beside the heading; a URL becomes a link.
    pub value: String,
}
