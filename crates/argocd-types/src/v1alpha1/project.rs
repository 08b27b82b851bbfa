//! `AppProject`: what the applications of a team may use.

use std::collections::BTreeMap;

use super::policy::PolicyRule;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// A group of applications: which sources, clusters, namespaces and kinds they may use, and who may do what with them.
///
/// Upstream: <https://argo-cd.readthedocs.io/en/stable/user-guide/projects/>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "argoproj.io", version = "v1alpha1", kind = "AppProject", plural = "appprojects", scope = Namespaced,
    short_names = ["appproj", "appprojs"],
)]
pub struct AppProject {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which sources, destinations and kinds the project's applications may use, and who may do what.
    pub spec: AppProjectSpec,
    /// The tokens that Argo CD issued for the project's roles.
    pub status: Option<AppProjectStatus>,
}

/// What the applications of a project may use. An empty list of sources or destinations allows
/// none.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AppProjectSpec {
    /// Repositories that may be used, as globs; `*` is all, and `!` before a glob excludes.
    pub source_repos: Vec<String>,
    /// Clusters and namespaces that may be deployed to; `!` before a glob excludes.
    pub destinations: Vec<ProjectDestination>,
    /// What the project is for, at most 255 characters.
    #[schemars(length(max = 255))]
    pub description: Option<String>,
    /// Roles of the project, and the tokens and groups that have them.
    pub roles: Vec<ProjectRole>,
    /// Cluster-scoped kinds that may be deployed. Empty allows none.
    pub cluster_resource_whitelist: Vec<ClusterResourceRestrictionItem>,
    /// Namespaced kinds that must not be deployed.
    pub namespace_resource_blacklist: Vec<GroupKind>,
    /// Watches for objects in the namespaces that belong to no application. Absent means that
    /// nobody watches.
    pub orphaned_resources: Option<OrphanedResourcesMonitorSettings>,
    /// Times when syncs are allowed or not.
    pub sync_windows: Vec<SyncWindow>,
    /// Namespaced kinds that may be deployed. Empty allows all.
    pub namespace_resource_whitelist: Vec<GroupKind>,
    /// Keys, one of which must have signed each commit that is synced. Empty asks for no signature.
    pub signature_keys: Vec<SignatureKey>,
    /// Cluster-scoped kinds that must not be deployed.
    pub cluster_resource_blacklist: Vec<ClusterResourceRestrictionItem>,
    /// Namespaces beside that of Argo CD whose Applications may be in the project, as globs.
    pub source_namespaces: Vec<String>,
    /// Whether destinations must be clusters registered for this very project. Absent means no.
    pub permit_only_project_scoped_clusters: Option<bool>,
    /// The service accounts that syncs act as, per destination; the first that fits is taken.
    pub destination_service_accounts: Vec<ApplicationDestinationServiceAccount>,
}

/// Clusters and namespaces, as globs; `!` before a glob excludes.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProjectDestination {
    /// The URL of the cluster's API server.
    pub server: Option<String>,
    /// The cluster's name as a glob; either this or `server`.
    pub name: Option<String>,
    /// The namespace as a glob; a leading `!` denies.
    pub namespace: Option<String>,
}

/// Kinds of an API group.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GroupKind {
    /// The group as a glob; empty for the core group.
    pub group: String,
    /// The kind as a glob.
    pub kind: String,
}

/// Cluster-scoped kinds of an API group, perhaps of certain names only.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterResourceRestrictionItem {
    /// The group as a glob; empty for the core group.
    pub group: String,
    /// The kind as a glob.
    pub kind: String,
    /// The object's name as a glob. Absent means any.
    pub name: Option<String>,
}

/// How objects that belong to no application are reported.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OrphanedResourcesMonitorSettings {
    /// Whether an application gets a warning for them. Absent means yes.
    pub warn: Option<bool>,
    /// Objects that are not reported.
    pub ignore: Vec<OrphanedResourceKey>,
}

/// Objects that are not reported, though they belong to no application. What is absent means any.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OrphanedResourceKey {
    /// The API group as a glob.
    pub group: Option<String>,
    /// The kind as a glob.
    pub kind: Option<String>,
    /// The name as a glob.
    pub name: Option<String>,
}

/// A role of a project.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProjectRole {
    /// The name; `proj:PROJECT:NAME` in policies.
    pub name: String,
    /// What the role is for.
    pub description: Option<String>,
    /// What the role may do.
    pub policies: Vec<PolicyRule>,
    /// Tokens of the role that are valid; the tokens themselves are not kept.
    pub jwt_tokens: Vec<JwtToken>,
    /// Groups of the single sign-on whose members have the role.
    pub groups: Vec<String>,
}

/// A token of a role.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct JwtToken {
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it expires, in seconds since 1970. Absent or 0 means never.
    pub exp: Option<i64>,
    /// The token's identifier, by which it is revoked.
    pub id: Option<String>,
}

/// A key that may sign commits.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SignatureKey {
    /// The key's long id in hexadecimal digits, as GnuPG shows it.
    #[field(rename = "keyID")]
    pub key_id: String,
}

/// Times when syncs of some applications are allowed or not.
///
/// Where windows apply to an application, it is synced only while an `allow` window is open, if
/// there is any, and no `deny` window is.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncWindow {
    /// Whether the window allows or denies.
    pub kind: Option<SyncWindowKind>,
    /// When the window opens: five fields of cron (minute, hour, day of the month, month, day of
    /// the week), such as `0 22 * * *`.
    pub schedule: Option<String>,
    /// How long it stays open, such as `1h` or `90m`.
    pub duration: Option<String>,
    /// The applications it applies to, as globs.
    pub applications: Vec<String>,
    /// The destination namespaces it applies to, as globs.
    pub namespaces: Vec<String>,
    /// The destination clusters it applies to, as globs of their names or URLs.
    pub clusters: Vec<String>,
    /// Whether a sync by hand is allowed even when the window says no. Absent means no.
    pub manual_sync: Option<bool>,
    /// The time zone of the schedule, such as `Europe/Zurich`. Absent means UTC.
    pub time_zone: Option<String>,
    /// Whether applications, namespaces and clusters must all fit. Absent means that one of them is
    /// enough.
    pub and_operator: Option<bool>,
    /// What the window is for.
    pub description: Option<String>,
}

/// The service account that syncs to a destination act as.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationDestinationServiceAccount {
    /// The URL of the cluster's API server, as a glob.
    pub server: String,
    /// The namespace, as a glob.
    pub namespace: Option<String>,
    /// The service account as `NAME`, in the destination's namespace, or `NAMESPACE:NAME`.
    pub default_service_account: String,
}

/// What Argo CD reports of a project.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AppProjectStatus {
    /// The tokens of each role.
    pub jwt_tokens_by_role: BTreeMap<String, JwtTokens>,
}

/// The tokens of a role.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct JwtTokens {
    /// The tokens that were issued and not revoked.
    pub items: Vec<JwtToken>,
}

/// Whether a window allows or denies syncs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "camelCase")]
pub enum SyncWindowKind {
    /// Syncs are allowed while the window is open, and not at other times.
    Allow,
    /// Syncs are not allowed while the window is open.
    Deny,
    /// A text that this version of the types does not know.
    Other(String),
}
