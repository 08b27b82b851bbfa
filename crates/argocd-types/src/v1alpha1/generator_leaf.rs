//! Generators that stand for themselves: lists, clusters, Git, decisions of others, plugins.

use std::collections::BTreeMap;

use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::Value;

use super::template::ApplicationSetTemplate;

/// Parameters that are written down.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListGenerator {
    /// The parameters, one object per application.
    #[schemars(schema_with = "crate::schema::any_values")]
    pub elements: Vec<Value>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// The parameters as YAML or JSON text, which may come from another generator of a matrix.
    pub elements_yaml: Option<String>,
}

/// One set of parameters per cluster that Argo CD knows: `name`, `nameNormalized`, `server`,
/// `project`, `metadata.labels.KEY`, `metadata.annotations.KEY`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterGenerator {
    /// The labels of the clusters' Secrets. Absent selects all, the cluster of Argo CD included
    /// (which has no Secret unless someone made one).
    #[schemars(schema_with = "crd_core::schema::label_selector")]
    pub selector: Option<LabelSelector>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
    /// Whether there is one set of parameters, with the list `clusters`. Absent means one per
    /// cluster.
    pub flat_list: Option<bool>,
}

/// One set of parameters per cluster that another controller chose, in the status of an object of
/// its own.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DuckTypeGenerator {
    /// The ConfigMap that says where the choice is found: `apiVersion`, `kind`, `statusListKey`,
    /// `matchKey`.
    pub config_map_ref: String,
    /// The name of the object with the choice. Either this or `labelSelector`.
    pub name: Option<String>,
    /// How often the object is looked at, in seconds. Absent means 180.
    pub requeue_after_seconds: Option<i64>,
    /// The labels of the objects with the choice.
    #[schemars(schema_with = "crd_core::schema::label_selector")]
    pub label_selector: Option<LabelSelector>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
}

/// One set of parameters per folder or per file of a Git repository.
///
/// Folders give `path` and parts of it; files (JSON or YAML) give what they hold as well.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GitGenerator {
    /// The repository's URL, as in a source; Argo CD must have its credentials.
    #[field(rename = "repoURL")]
    pub repo_url: String,
    /// The folders. Either these or `files`.
    pub directories: Vec<GitDirectoryGeneratorItem>,
    /// Files that each give one set of parameters, by globs; their JSON or YAML becomes the parameters.
    pub files: Vec<GitFileGeneratorItem>,
    /// The branch, tag or commit that is looked at; `HEAD` is the default branch.
    pub revision: String,
    /// How often the repository is looked at, in seconds. Absent means 180.
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// Put before the parameters about the path, so that two generators of a matrix do not get in
    /// each other's way.
    pub path_param_prefix: Option<String>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
}

/// Folders of a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GitDirectoryGeneratorItem {
    /// A glob such as `apps/*`; `**` crosses folders.
    pub path: String,
    /// Whether the folders are left out, whatever else is listed. Absent means that they are taken.
    pub exclude: Option<bool>,
}

/// Files of a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GitFileGeneratorItem {
    /// A glob, such as `clusters/**/config.json`.
    pub path: String,
    /// Whether the files are left out, whatever else is listed. Absent means that they are taken.
    pub exclude: Option<bool>,
}

/// Parameters from a service of yours.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginGenerator {
    /// The ConfigMap that says where the service is: `token`, `baseUrl`.
    pub config_map_ref: PluginConfigMapRef,
    /// What the service is sent; absent sends no parameters.
    pub input: Option<PluginInput>,
    /// How often the service is asked, in seconds. Absent means 1800.
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
}

/// A ConfigMap in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginConfigMapRef {
    /// The ConfigMap's name; it lies where Argo CD runs.
    pub name: String,
}

/// What a plugin's service is sent with each request.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginInput {
    /// Parameters of any type, by name.
    #[schemars(schema_with = "crate::schema::any_values_by_name")]
    pub parameters: BTreeMap<String, Value>,
}
