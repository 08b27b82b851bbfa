//! `ApplicationSet`: applications by the dozen, from one template.

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::application_status::ResourceStatus;
use super::generator::ApplicationSetGenerator;
use super::template::ApplicationSetTemplate;

/// A template of an application, and generators that fill it in: one application per set of parameters.
///
/// Strings of the template hold `{{name}}`, or Go templates such as `{{ .name }}` where `goTemplate` is true.
/// Upstream: <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/>.
///
/// ```
/// use argocd_types::v1alpha1::{
///     ApplicationSet, ApplicationSetGenerator, ApplicationSetSpec, ApplicationSetTemplate, ApplicationSource,
///     ApplicationSpec,
/// };
/// use serde_json::json;
///
/// let apps = ApplicationSet::new(
///     "apps",
///     ApplicationSetSpec::new(
///         [ApplicationSetGenerator::list([json!({"env": "dev"}), json!({"env": "prod"})])],
///         ApplicationSetTemplate::new(
///             "api-{{ .env }}",
///             ApplicationSpec::new("platform")
///                 .from_source(ApplicationSource::git("https://git.example/infra", "helm/api"))
///                 .to_local_cluster("{{ .env }}"),
///         ),
///     )
///     .with_go_templates(),
/// )
/// .in_namespace("argocd");
/// # assert_eq!(apps.spec.template.metadata.name.as_deref(), Some("api-{{ .env }}"));
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "argoproj.io", version = "v1alpha1", kind = "ApplicationSet", plural = "applicationsets", scope = Namespaced,
    short_names = ["appset", "appsets"],
    status_subresource,
)]
pub struct ApplicationSet {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The generators and the template.
    pub spec: ApplicationSetSpec,
    /// What the ApplicationSet controller reports; it writes this, nobody else does.
    pub status: Option<ApplicationSetStatus>,
}

/// The generators, the template, and how the applications are kept.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetSpec {
    /// Whether the template is written in Go templates. Absent means the older `{{name}}` form.
    pub go_template: Option<bool>,
    /// Where the parameters come from; the applications of all generators are taken together.
    #[field(required)]
    pub generators: Vec<ApplicationSetGenerator>,
    /// The application, with parameters to fill in.
    pub template: ApplicationSetTemplate,
    /// What may be done to the applications. Absent means everything.
    pub sync_policy: Option<ApplicationSetSyncPolicy>,
    /// In which order the applications are synced and deleted. Absent means all at once.
    pub strategy: Option<ApplicationSetStrategy>,
    /// Labels and annotations of the applications that others set and that are left alone.
    pub preserved_fields: Option<ApplicationPreservedFields>,
    /// Options of Go's template engine, such as `missingkey=error`.
    pub go_template_options: Vec<String>,
    /// No longer looked at: selectors of nested generators always count.
    pub apply_nested_selectors: Option<bool>,
    /// Fields of the applications that others may change.
    pub ignore_application_differences: Vec<ApplicationSetResourceIgnoreDifferences>,
    /// A strategic merge patch of the application, in YAML with Go templates, for what is not a
    /// string.
    pub template_patch: Option<String>,
}

/// What may be done to the applications.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetSyncPolicy {
    /// Whether the objects of an application stay when the application is deleted. Absent means
    /// that they go.
    pub preserve_resources_on_deletion: Option<bool>,
    /// Whether applications may be changed and deleted. Absent means both.
    pub applications_sync: Option<ApplicationsSyncPolicy>,
}

/// In which order the applications are synced and deleted.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetStrategy {
    /// Whether there is an order. Absent means all at once.
    pub r#type: Option<ApplicationSetStrategyType>,
    /// The order, for a rolling sync.
    pub rolling_sync: Option<ApplicationSetRolloutStrategy>,
    /// The order in which applications are deleted. Absent means all at once.
    pub deletion_order: Option<DeletionOrder>,
}

/// Steps, each of which begins when the applications of the one before are healthy. Automatic syncs
/// are switched off.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetRolloutStrategy {
    /// The steps. Applications of no step are never synced.
    pub steps: Vec<ApplicationSetRolloutStep>,
}

/// A step of a rolling sync.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetRolloutStep {
    /// The labels of the applications of the step; all must hold.
    pub match_expressions: Vec<ApplicationMatchExpression>,
    /// How many applications are synced at a time, as a number or a percentage (rounded down, but
    /// at least one). Absent means all; 0 means by hand.
    #[schemars(schema_with = "crd_core::schema::int_or_string")]
    pub max_update: Option<IntOrString>,
}

/// A condition on one label.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationMatchExpression {
    /// The key of a label of the applications.
    pub key: Option<String>,
    /// How the label is compared.
    pub operator: Option<MatchOperator>,
    /// The label's values that count, or do not; at least one is needed.
    pub values: Vec<String>,
}

/// Labels and annotations of the applications that others set.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationPreservedFields {
    /// Keys of annotations that are left as others set them.
    pub annotations: Vec<String>,
    /// Keys of labels that are left as others set them.
    pub labels: Vec<String>,
}

/// Fields of the applications that others may change.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetResourceIgnoreDifferences {
    /// The application. Absent means all.
    pub name: Option<String>,
    /// Fields as JSON pointers, such as `/spec/source/targetRevision`.
    pub json_pointers: Vec<String>,
    /// Fields as jq expressions, such as `.spec.source.helm.values`.
    pub jq_path_expressions: Vec<String>,
}

/// What Argo CD reports of an ApplicationSet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetStatus {
    /// Whether it works, and why not.
    pub conditions: Vec<ApplicationSetCondition>,
    /// How far each application is in a rolling sync.
    pub application_status: Vec<ApplicationSetApplicationStatus>,
    /// The applications that were made, each with its sync and health.
    pub resources: Vec<ResourceStatus>,
    /// The number of applications; `resources` may list fewer.
    pub resources_count: Option<i64>,
}

/// One thing that Argo CD reports of an ApplicationSet.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ApplicationSetCondition {
    /// Which of the set's conditions it is; there is one of each.
    pub r#type: ApplicationSetConditionType,
    /// What happened, for people.
    pub message: String,
    /// When `status` last became another.
    pub last_transition_time: Option<Time>,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// The reason in one word for programs, such as `ApplicationSetUpToDate`.
    pub reason: String,
}

/// How far an application is in a rolling sync.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetApplicationStatus {
    /// The name of the Application.
    pub application: String,
    /// When `status` last became another.
    pub last_transition_time: Option<Time>,
    /// What happened, for people.
    pub message: String,
    /// `Waiting`, `Pending`, `Progressing` or `Healthy`.
    pub status: String,
    /// The number of the application's step, from 1; `-1` where it has none.
    pub step: String,
    /// The revisions that it is synced to.
    #[field(required)]
    pub target_revisions: Vec<String>,
}

/// What may be done to the applications of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "kebab-case")]
pub enum ApplicationsSyncPolicy {
    /// They are created, and never changed or deleted.
    CreateOnly,
    /// They are created and changed.
    CreateUpdate,
    /// They are created and deleted.
    CreateDelete,
    /// They are created, changed and deleted.
    Sync,
}

/// Whether applications are synced in an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ApplicationSetStrategyType {
    /// All at once, in no order; the default.
    AllAtOnce,
    /// In the steps of `rollingSync`, each once the one before is healthy.
    RollingSync,
    /// A text that this version of the types does not know.
    Other(String),
}

/// The order in which applications are deleted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum DeletionOrder {
    /// All at once, in no order; the default.
    AllAtOnce,
    /// The last step of the rolling sync first.
    Reverse,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How a label is compared with the values. Others than these two are taken by the API server and match nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum MatchOperator {
    /// It has one of the values.
    In,
    /// It has none of the values, or is absent.
    NotIn,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a condition of an ApplicationSet is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ApplicationSetConditionType {
    /// A generator, the template or an application failed; the message says which.
    ErrorOccurred,
    /// The generators have yielded their parameters.
    ParametersGenerated,
    /// The applications are as they should be.
    ResourcesUpToDate,
    /// A rolling sync goes on.
    RolloutProgressing,
    /// A text that this version of the types does not know.
    Other(String),
}
