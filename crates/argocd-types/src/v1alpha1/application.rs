//! `Application`: what is deployed where, and from which source.

use super::application_status::ApplicationStatus;
use super::hydrator::SourceHydrator;
use super::operation::Operation;
use super::source::ApplicationSource;
use super::sync::SyncPolicy;
use crd_core::{Object, ObjectMeta, Resource};

/// A set of manifests in Git or a Helm repository, and the cluster and namespace where Argo CD keeps them in place.
///
/// Upstream: <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications>.
///
/// ```
/// use argocd_types::v1alpha1::{Application, ApplicationSource, ApplicationSpec, SyncPolicy};
///
/// let app = Application::new(
///     "test-guestbook",
///     ApplicationSpec::new("default")
///         .from_source(ApplicationSource::git("https://github.com/argoproj/argocd-example-apps", "guestbook"))
///         .to_local_cluster("test")
///         .synced(SyncPolicy::automatic().create_namespace()),
/// )
/// .in_namespace("argocd");
/// # assert_eq!(app.spec.destination.namespace.as_deref(), Some("test"));
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "argoproj.io", version = "v1alpha1", kind = "Application", plural = "applications", scope = Namespaced,
    short_names = ["app", "apps"],
    printer_columns = [
        ("Sync Status", "string", ".status.sync.status"),
        ("Health Status", "string", ".status.health.status"),
        ("Revision", "string", ".status.sync.revision", 10),
        ("Project", "string", ".spec.project", 10)
    ],
)]
pub struct Application {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The source that is deployed, the destination, and how the two are kept the same.
    pub spec: ApplicationSpec,
    /// What Argo CD's controller reports; it writes this, nobody else does.
    pub status: Option<ApplicationStatus>,
    /// A sync to be done now; Argo CD takes it off once it has begun.
    pub operation: Option<Operation>,
}

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
