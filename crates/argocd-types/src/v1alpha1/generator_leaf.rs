//! Generators that stand for themselves: lists, clusters, Git, decisions of others, plugins.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::application_set::ApplicationSetTemplate;

/// Parameters that are written down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListGenerator {
    /// The parameters, one object per application.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::any_values")
    )]
    pub elements: Vec<Value>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
    /// The parameters as YAML or JSON text, which may come from another generator of a matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elements_yaml: Option<String>,
}

/// One set of parameters per cluster that Argo CD knows: `name`, `nameNormalized`, `server`,
/// `project`, `metadata.labels.KEY`, `metadata.annotations.KEY`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClusterGenerator {
    /// The labels of the clusters' Secrets. Absent selects all, the cluster of Argo CD included
    /// (which has no Secret unless someone made one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::label_selector")
    )]
    pub selector: Option<LabelSelector>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Whether there is one set of parameters, with the list `clusters`. Absent means one per
    /// cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat_list: Option<bool>,
}

/// One set of parameters per cluster that another controller chose, in the status of an object of
/// its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DuckTypeGenerator {
    /// The ConfigMap that says where the choice is found: `apiVersion`, `kind`, `statusListKey`,
    /// `matchKey`.
    pub config_map_ref: String,
    /// The name of the object with the choice. Either this or `labelSelector`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How often the object is looked at, in seconds. Absent means 180.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeue_after_seconds: Option<i64>,
    /// The labels of the objects with the choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::label_selector")
    )]
    pub label_selector: Option<LabelSelector>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// One set of parameters per folder or per file of a Git repository.
///
/// Folders give `path` and parts of it; files (JSON or YAML) give what they hold as well.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitGenerator {
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// The folders. Either these or `files`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<GitDirectoryGeneratorItem>,
    /// The files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<GitFileGeneratorItem>,
    /// A branch, tag or commit.
    pub revision: String,
    /// How often the repository is looked at, in seconds. Absent means 180.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
    /// Put before the parameters about the path, so that two generators of a matrix do not get in
    /// each other's way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_param_prefix: Option<String>,
    /// More parameters, as `values.KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// Folders of a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitDirectoryGeneratorItem {
    /// A glob, such as `apps/*`.
    pub path: String,
    /// Whether the folders are left out, whatever else is listed. Absent means that they are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<bool>,
}

/// Files of a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitFileGeneratorItem {
    /// A glob, such as `clusters/**/config.json`.
    pub path: String,
    /// Whether the files are left out, whatever else is listed. Absent means that they are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<bool>,
}

/// Parameters from a service of yours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PluginGenerator {
    /// The ConfigMap that says where the service is: `token`, `baseUrl`.
    pub config_map_ref: PluginConfigMapRef,
    /// What the service is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<PluginInput>,
    /// How often the service is asked, in seconds. Absent means 1800.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// A ConfigMap in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PluginConfigMapRef {
    /// Its name.
    pub name: String,
}

/// What a service is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PluginInput {
    /// Parameters of any type, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::any_values_by_name")
    )]
    pub parameters: BTreeMap<String, Value>,
}
