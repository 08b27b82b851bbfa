//! Kustomizations: a base, and overlays that change it.
//!
//! See <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A `kustomization.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kustomization {
    /// Always `kustomize.config.k8s.io/v1beta1`.
    pub api_version: String,
    /// Always `Kustomization`.
    pub kind: String,
    /// Files and folders, relative to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The namespace of all objects that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What all names begin with; names that objects call each other by follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_prefix: Option<String>,
    /// Annotations of all objects and of their pods.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub common_annotations: BTreeMap<String, String>,
    /// Labels that every object gets, and where asked for selectors and pods, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Labels>,
    /// How many pods a workload has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<Replicas>,
    /// Names, tags or digests of images that are replaced wherever a container names the image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageChange>,
    /// Changes of single objects, or of all that a target picks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<Patch>,
}

impl Kustomization {
    /// These files and folders, unchanged.
    pub fn of<R: Into<String>>(resources: impl IntoIterator<Item = R>) -> Self {
        Self {
            api_version: "kustomize.config.k8s.io/v1beta1".into(),
            kind: "Kustomization".into(),
            resources: resources.into_iter().map(Into::into).collect(),
            namespace: None,
            name_prefix: None,
            common_annotations: BTreeMap::new(),
            labels: Vec::new(),
            replicas: Vec::new(),
            images: Vec::new(),
            patches: Vec::new(),
        }
    }

    /// The same, with names that begin so.
    #[must_use]
    pub fn prefixed(mut self, prefix: impl Into<String>) -> Self {
        self.name_prefix = Some(prefix.into());
        self
    }

    /// The same in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The same, with an annotation on all objects.
    #[must_use]
    pub fn annotated(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.common_annotations.insert(key.into(), value.into());
        self
    }

    /// The same, with so many pods of a workload.
    #[must_use]
    pub fn scaled(mut self, name: impl Into<String>, count: u32) -> Self {
        let name = name.into();
        self.replicas.push(Replicas { name, count });
        self
    }

    /// The same, with a patch of objects of a kind.
    #[must_use]
    pub fn patched(mut self, kind: &str, name: &str, patch: impl Into<String>) -> Self {
        self.patches.push(Patch {
            target: Some(PatchTarget {
                kind: kind.to_owned(),
                name: name.to_owned(),
            }),
            patch: patch.into(),
        });
        self
    }
}

/// Labels for every object, and whether selectors get them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Labels {
    /// Names and values.
    pub pairs: BTreeMap<String, String>,
    /// Whether selectors ask for them, too. A Deployment that is there refuses a new selector.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_selectors: bool,
}

/// How many pods a workload has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replicas {
    /// The workload's name, without a prefix.
    pub name: String,
    /// How many pods the workload gets.
    pub count: u32,
}

/// Another image in the place of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageChange {
    /// The image as the base names it, without a tag.
    pub name: String,
    /// Where it is taken from instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_name: Option<String>,
    /// The tag in the place of the one that is written; a digest wins over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_tag: Option<String>,
}

/// A change of objects: a merge, or a list of operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// Which objects; those that the patch names where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<PatchTarget>,
    /// The change as YAML.
    pub patch: String,
}

/// Which objects are changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchTarget {
    /// The kind of the objects, without a group.
    pub kind: String,
    /// Their name, as an expression.
    pub name: String,
}
