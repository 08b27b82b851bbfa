//! `ApplicationSet`: applications by the dozen, from one template.

use std::collections::BTreeMap;

use crd_core::string_enum;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::{Deserialize, Serialize};

use super::application::ApplicationSpec;
use super::application_status::ResourceStatus;
use super::generator::ApplicationSetGenerator;

crd_core::resource! {
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
    #[resource(
        group = "argoproj.io", version = "v1alpha1", kind = "ApplicationSet", plural = "applicationsets", scope = Namespaced,
        short_names = ["appset", "appsets"],
        status_subresource = true,
    )]
    pub struct ApplicationSet {
        /// The generators and the template.
        pub spec: ApplicationSetSpec,
        /// What Argo CD reports.
        pub status: Option<ApplicationSetStatus>,
    }
}

/// The generators, the template, and how the applications are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetSpec {
    /// Whether the template is written in Go templates. Absent means the older `{{name}}` form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_template: Option<bool>,
    /// Where the parameters come from; the applications of all generators are taken together.
    pub generators: Vec<ApplicationSetGenerator>,
    /// The application, with parameters to fill in.
    pub template: ApplicationSetTemplate,
    /// What may be done to the applications. Absent means everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_policy: Option<ApplicationSetSyncPolicy>,
    /// In which order the applications are synced and deleted. Absent means all at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<ApplicationSetStrategy>,
    /// Labels and annotations of the applications that others set and that are left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preserved_fields: Option<ApplicationPreservedFields>,
    /// Options of Go's template engine, such as `missingkey=error`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub go_template_options: Vec<String>,
    /// No longer looked at: selectors of nested generators always count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_nested_selectors: Option<bool>,
    /// Fields of the applications that others may change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_application_differences: Vec<ApplicationSetResourceIgnoreDifferences>,
    /// A strategic merge patch of the application, in YAML with Go templates, for what is not a
    /// string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_patch: Option<String>,
}

/// An application with parameters to fill in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetTemplate {
    /// Name, labels and annotations.
    pub metadata: ApplicationSetTemplateMeta,
    /// What is deployed where.
    pub spec: ApplicationSpec,
}

/// The metadata of an application with parameters to fill in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetTemplateMeta {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The namespace; that of Argo CD unless it may look after others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Finalizers; see [`CASCADE_FINALIZER`](crate::annotations::CASCADE_FINALIZER).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

/// What may be done to the applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetSyncPolicy {
    /// Whether the objects of an application stay when the application is deleted. Absent means
    /// that they go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preserve_resources_on_deletion: Option<bool>,
    /// Whether applications may be changed and deleted. Absent means both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications_sync: Option<ApplicationsSyncPolicy>,
}

/// In which order the applications are synced and deleted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetStrategy {
    /// Whether there is an order. Absent means all at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ApplicationSetStrategyType>,
    /// The order, for a rolling sync.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolling_sync: Option<ApplicationSetRolloutStrategy>,
    /// The order in which applications are deleted. Absent means all at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_order: Option<DeletionOrder>,
}

/// Steps, each of which begins when the applications of the one before are healthy. Automatic syncs
/// are switched off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetRolloutStrategy {
    /// The steps. Applications of no step are never synced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ApplicationSetRolloutStep>,
}

/// A step of a rolling sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetRolloutStep {
    /// The labels of the applications of the step; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<ApplicationMatchExpression>,
    /// How many applications are synced at a time, as a number or a percentage (rounded down, but
    /// at least one). Absent means all; 0 means by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::int_or_string")
    )]
    pub max_update: Option<IntOrString>,
}

/// A condition on one label.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationMatchExpression {
    /// The label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How the label is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<MatchOperator>,
    /// What it is compared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// Labels and annotations of the applications that others set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationPreservedFields {
    /// The keys of annotations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<String>,
    /// The keys of labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// Fields of the applications that others may change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetResourceIgnoreDifferences {
    /// The application. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields as JSON pointers, such as `/spec/source/targetRevision`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub json_pointers: Vec<String>,
    /// Fields as jq expressions, such as `.spec.source.helm.values`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jq_path_expressions: Vec<String>,
}

/// What Argo CD reports of an ApplicationSet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetStatus {
    /// Whether it works, and why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ApplicationSetCondition>,
    /// How far each application is in a rolling sync.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub application_status: Vec<ApplicationSetApplicationStatus>,
    /// The applications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceStatus>,
    /// The number of applications; `resources` may list fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources_count: Option<i64>,
}

/// One thing that Argo CD reports of an ApplicationSet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetCondition {
    /// What it is about.
    pub r#type: ApplicationSetConditionType,
    /// The text.
    pub message: String,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Time>,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// The reason, in one word.
    pub reason: String,
}

/// How far an application is in a rolling sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetApplicationStatus {
    /// The application.
    pub application: String,
    /// When that last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Time>,
    /// The text.
    pub message: String,
    /// `Waiting`, `Pending`, `Progressing` or `Healthy`.
    pub status: String,
    /// The number of the application's step, from 1; `-1` where it has none.
    pub step: String,
    /// The revisions that it is synced to.
    pub target_revisions: Vec<String>,
}

string_enum! {
    /// What may be done to the applications of a set.
    pub enum ApplicationsSyncPolicy {
        /// They are created.
        CreateOnly = "create-only",
        /// They are created and changed.
        CreateUpdate = "create-update",
        /// They are created and deleted.
        CreateDelete = "create-delete",
        /// They are created, changed and deleted.
        Sync = "sync",
    }
}

string_enum! {
    /// Whether applications are synced in an order.
    #[open]
    pub enum ApplicationSetStrategyType {
        /// All at once.
        AllAtOnce,
        /// In steps.
        RollingSync,
    }
}

string_enum! {
    /// The order in which applications are deleted.
    #[open]
    pub enum DeletionOrder {
        /// All at once.
        AllAtOnce,
        /// The last step of the rolling sync first.
        Reverse,
    }
}

string_enum! {
    /// How a label is compared.
    #[open]
    pub enum MatchOperator {
        /// It has one of the values.
        In,
        /// It has none of the values, or is absent.
        NotIn,
    }
}

string_enum! {
    /// What a condition of an ApplicationSet is about.
    #[open]
    pub enum ApplicationSetConditionType {
        /// Something failed.
        ErrorOccurred,
        /// The generators have yielded their parameters.
        ParametersGenerated,
        /// The applications are as they should be.
        ResourcesUpToDate,
        /// A rolling sync goes on.
        RolloutProgressing,
    }
}
