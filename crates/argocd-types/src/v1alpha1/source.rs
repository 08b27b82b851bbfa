//! Where manifests come from: a repository, a path or chart in it, and the tool that renders it.

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A source of manifests: a Git or Helm repository, what to take from it, and how to render it.
///
/// At most one of `helm`, `kustomize`, `directory` and `plugin` may be set;
/// [`ApplicationSource::explicit_type`] tells. With none, Argo CD finds the tool by the files it
/// sees.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSource {
    /// The repository: an HTTPS or SSH URL of Git, a Helm repository, or an OCI registry.
    #[field(rename = "repoURL")]
    pub repo_url: String,
    /// The folder in a Git repository or OCI artifact, without a leading slash. Not used with a
    /// chart.
    pub path: Option<String>,
    /// What to check out: a branch, tag, commit or semantic version range of a Git repository, or a
    /// chart's version or range. Absent means `HEAD`, respectively the newest chart.
    pub target_revision: Option<String>,
    /// Options of rendering with Helm.
    pub helm: Option<ApplicationSourceHelm>,
    /// Options of rendering with Kustomize.
    pub kustomize: Option<ApplicationSourceKustomize>,
    /// Options of reading plain manifests and Jsonnet.
    pub directory: Option<ApplicationSourceDirectory>,
    /// A config management plugin, and what it is given.
    pub plugin: Option<ApplicationSourcePlugin>,
    /// The chart's name in a Helm repository. Then `targetRevision` is required, and `path` is not
    /// used.
    pub chart: Option<String>,
    /// A name under which other sources of the application read files of this one, as `$name/path`.
    /// Without `path` and `chart`, such a source renders nothing itself.
    pub r#ref: Option<String>,
    /// A label for people and the command line, unique within the application.
    pub name: Option<String>,
}

/// Options of rendering a chart. Argo CD runs `helm template` and applies the result; there is no
/// Helm release.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSourceHelm {
    /// Files of values, later ones win: paths relative to the chart, URLs, or `$ref/path` in
    /// another source.
    pub value_files: Vec<String>,
    /// Single values, as with `--set`; they win over all others.
    pub parameters: Vec<HelmParameter>,
    /// The name of the release in templates. Absent means the application's name.
    pub release_name: Option<String>,
    /// Values as YAML text; wins over the files. Ignored where `valuesObject` is given.
    pub values: Option<String>,
    /// Values whose content is a file, as with `--set-file`.
    pub file_parameters: Vec<HelmFileParameter>,
    /// The version of Helm; `v3` is the only one left.
    pub version: Option<String>,
    /// Whether the repository's credentials go to other hosts too, where the chart's archives may
    /// be. Absent means no.
    pub pass_credentials: Option<bool>,
    /// Whether a file of values that does not exist is passed over rather than an error. Absent
    /// means an error.
    pub ignore_missing_value_files: Option<bool>,
    /// Whether the chart's `crds` folder is left out. Absent means no.
    pub skip_crds: Option<bool>,
    /// Values as an object; wins over `values`.
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub values_object: Option<Map<String, Value>>,
    /// The namespace in templates. Absent means that of the destination.
    pub namespace: Option<String>,
    /// The Kubernetes version that templates see. Absent means that of the destination.
    pub kube_version: Option<String>,
    /// The API versions that templates see, as `GROUP/VERSION/KIND`. Empty means those of the
    /// destination.
    pub api_versions: Vec<String>,
    /// Whether the chart's tests are left out. Absent means no.
    pub skip_tests: Option<bool>,
    /// Whether the values are not held against the chart's schema. Absent means that they are.
    pub skip_schema_validation: Option<bool>,
}

/// One value, as with `--set`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HelmParameter {
    /// The value's path, such as `image.tag`.
    pub name: Option<String>,
    /// The value as text; Helm finds its type unless `forceString` is set.
    pub value: Option<String>,
    /// Whether a text that looks like a number or boolean stays a string, as with `--set-string`.
    pub force_string: Option<bool>,
}

/// One value whose content is a file, as with `--set-file`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HelmFileParameter {
    /// The value's path, such as `config.text`.
    pub name: Option<String>,
    /// The file's path, relative to the chart.
    pub path: Option<String>,
}

/// Options of rendering with Kustomize, on top of what `kustomization.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSourceKustomize {
    /// Put before the names of all objects.
    pub name_prefix: Option<String>,
    /// Put after the names of all objects.
    pub name_suffix: Option<String>,
    /// Images to replace, as Kustomize writes them: `NAME:TAG`, `NAME@DIGEST`, or `OLD=NEW` with
    /// either.
    pub images: Vec<String>,
    /// Labels for all objects.
    pub common_labels: BTreeMap<String, String>,
    /// The version of Kustomize, as registered with Argo CD. Absent means the default one.
    pub version: Option<String>,
    /// Annotations for all objects.
    pub common_annotations: BTreeMap<String, String>,
    /// Whether a label of the list replaces one of the object. Absent means that it is an error.
    pub force_common_labels: Option<bool>,
    /// Whether an annotation of the list replaces one of the object. Absent means that it is an
    /// error.
    pub force_common_annotations: Option<bool>,
    /// The namespace of all objects.
    pub namespace: Option<String>,
    /// Whether `$ARGOCD_APP_NAME` and the like are filled in, in the common annotations. Absent
    /// means no.
    pub common_annotations_envsubst: Option<bool>,
    /// Numbers of replicas to replace.
    pub replicas: Vec<KustomizeReplica>,
    /// Patches in kustomize's form, each with the objects that it is for.
    pub patches: Vec<KustomizePatch>,
    /// Paths or URLs of Kustomize components to add.
    pub components: Vec<String>,
    /// Whether a component that does not exist is passed over rather than an error. Absent means an
    /// error.
    pub ignore_missing_components: Option<bool>,
    /// Whether the common labels stay out of selectors. Absent means that selectors get them too.
    pub label_without_selector: Option<bool>,
    /// The Kubernetes version that charts inside the kustomization see. Absent means that of the
    /// destination.
    pub kube_version: Option<String>,
    /// The API versions that charts inside the kustomization see. Empty means those of the
    /// destination.
    pub api_versions: Vec<String>,
    /// Whether pod templates get the common labels; looked at with `labelWithoutSelector` only.
    /// Absent means no.
    pub label_include_templates: Option<bool>,
}

/// A number of replicas to replace.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KustomizeReplica {
    /// The workload's name; its kind does not count.
    pub name: String,
    /// The number, or a text with a number (templates of an ApplicationSet need text).
    #[schemars(schema_with = "crd_core::schema::int_or_string")]
    pub count: IntOrString,
}

/// A patch of some objects.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KustomizePatch {
    /// The patch as a file, relative to the kustomization. Either this or `patch`.
    pub path: Option<String>,
    /// The patch as text: a strategic merge patch, or a JSON patch in YAML.
    pub patch: Option<String>,
    /// The objects to patch. Absent leaves it to the name in a strategic merge patch.
    pub target: Option<KustomizeSelector>,
    /// Switches of Kustomize, such as `allowNameChange`.
    pub options: BTreeMap<String, bool>,
}

/// Which objects a patch changes; all that is given must hold. Names are regular expressions.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KustomizeSelector {
    /// The API group as a regular expression. Absent matches all, as below.
    pub group: Option<String>,
    /// The API version as a regular expression.
    pub version: Option<String>,
    /// The kind as a regular expression.
    pub kind: Option<String>,
    /// The name as a regular expression.
    pub name: Option<String>,
    /// The namespace as a regular expression.
    pub namespace: Option<String>,
    /// A selector over annotations, as text.
    pub annotation_selector: Option<String>,
    /// A selector over labels, as text.
    pub label_selector: Option<String>,
}

/// Options of reading plain manifests (YAML and JSON) and Jsonnet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSourceDirectory {
    /// Whether folders below are read too. Absent means no.
    pub recurse: Option<bool>,
    /// How files ending in `.jsonnet` are evaluated. Absent passes nothing to them.
    pub jsonnet: Option<ApplicationSourceJsonnet>,
    /// A glob of files to leave out, such as `{config.json,env-usw2/*}`; wins over `include`.
    pub exclude: Option<String>,
    /// A glob of files to take. Absent takes all.
    pub include: Option<String>,
}

/// Options of Jsonnet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSourceJsonnet {
    /// What `std.extVar` gives, by name.
    pub ext_vars: Vec<JsonnetVar>,
    /// Arguments of the function that a file evaluates to.
    pub tlas: Vec<JsonnetVar>,
    /// Folders of libraries, relative to the repository's root.
    pub libs: Vec<String>,
}

/// A variable or argument of Jsonnet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct JsonnetVar {
    /// The name by which Jsonnet code asks for it.
    pub name: String,
    /// The value as text, or as Jsonnet where `code` is set.
    pub value: String,
    /// Whether the value is Jsonnet code rather than a string. Absent means a string.
    pub code: Option<bool>,
}

/// A config management plugin, and what it is given.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSourcePlugin {
    /// The plugin, as `NAME` or `NAME-VERSION`. Absent means the first one that recognises the
    /// files.
    pub name: Option<String>,
    /// Environment variables; the plugin sees each with `ARGOCD_ENV_` before its name.
    pub env: Vec<EnvEntry>,
    /// Parameters that the plugin announces.
    pub parameters: Vec<PluginParameter>,
}

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EnvEntry {
    /// The variable's name, in the environment of the plugin.
    pub name: String,
    /// The value; `$ARGOCD_APP_NAME` and the like are filled in.
    pub value: String,
}

/// One parameter of a plugin: a string, a map or a list, whichever the plugin announced.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginParameter {
    /// The parameter's name, as the plugin announced it.
    pub name: Option<String>,
    /// The value of a string parameter.
    pub string: Option<String>,
    /// The value of a map parameter; the empty map is a value.
    pub map: Option<BTreeMap<String, String>>,
    /// The value of a list parameter; the empty list is a value.
    pub array: Option<Vec<String>>,
}

/// The tool that renders a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ApplicationSourceType {
    /// Rendered by Helm: the folder holds a `Chart.yaml`, or the source names a chart.
    Helm,
    /// Rendered by kustomize: the folder holds a `kustomization.yaml`.
    Kustomize,
    /// Plain manifests and Jsonnet.
    Directory,
    /// A config management plugin.
    Plugin,
    /// A text that this version of the types does not know.
    Other(String),
}
