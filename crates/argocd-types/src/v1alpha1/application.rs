//! `Application`: what is deployed where, and from which source.

use super::application_spec::ApplicationSpec;
use super::application_status::ApplicationStatus;
use super::operation::Operation;
use crd_core::{ObjectMeta, Resource};

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
