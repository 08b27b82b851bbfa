//! Labels as Cilium knows them: a key, and where the label comes from.

use crd_core::{Object, StringEnum};
use serde::{Deserialize, Serialize};

/// Label that Cilium gives to each endpoint of a Kubernetes pod: the pod's namespace.
pub const POD_NAMESPACE: &str = "k8s:io.kubernetes.pod.namespace";

/// Prefix of the labels that Cilium copies from a pod's namespace to its endpoints:
/// `k8s:io.cilium.k8s.namespace.labels.team` carries the namespace's label `team`.
pub const NAMESPACE_LABELS_PREFIX: &str = "k8s:io.cilium.k8s.namespace.labels.";

/// Who put a label on an endpoint. Stands before the colon of a [`LabelKey`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum LabelSource {
    /// Matches the label whoever set it. A key without a source means the same.
    #[arm(rename = "any")]
    Any,
    /// Taken from Kubernetes: labels of the pod and facts about it, such as its namespace.
    #[arm(rename = "k8s")]
    K8s,
    /// Set by Cilium for identities with a fixed meaning, such as `reserved:host`.
    #[arm(rename = "reserved")]
    Reserved,
    /// Taken from the container runtime.
    #[arm(rename = "container")]
    Container,
    /// Derived from an address outside of the cluster.
    #[arm(rename = "cidr")]
    Cidr,
    /// Carried by the addresses of a CiliumCIDRGroup.
    #[arm(rename = "cidrgroup")]
    CidrGroup,
    /// Derived from a DNS name that a policy selects.
    #[arm(rename = "fqdn")]
    Fqdn,
    /// Labels of a node.
    #[arm(rename = "node")]
    Node,
    /// Set through the CNI configuration.
    #[arm(rename = "cni")]
    Cni,
    /// Made up by Cilium, without user input.
    #[arm(rename = "cilium-generated")]
    Generated,
    /// Read from the agent's directory of policies.
    #[arm(rename = "directory")]
    Directory,
    /// Source not stated.
    #[arm(rename = "unspec")]
    Unspec,
    /// A text that this version of the types does not know.
    Other(String),
}

/// The key of a label in a selector, with the source it must come from, if any.
///
/// ```
/// use cilium_types::v2::{LabelKey, LabelSource};
///
/// let key = LabelKey::from("k8s:io.kubernetes.pod.namespace");
/// assert_eq!(key.source(), Some(LabelSource::K8s));
/// assert_eq!(key.name(), "io.kubernetes.pod.namespace");
///
/// // Without a source, the label counts whoever set it.
/// assert_eq!(LabelKey::from("app").source(), None);
/// assert_eq!(LabelKey::k8s("app").as_str(), "k8s:app");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelKey(String);

impl LabelKey {
    /// The key as it stands in the manifest.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A label that Kubernetes set: `k8s:app`.
    pub fn k8s(name: &str) -> Self {
        Self(format!("k8s:{name}"))
    }

    /// A label from any source, spelled out: `any:app`.
    pub fn any(name: &str) -> Self {
        Self(format!("any:{name}"))
    }

    /// A label of one of Cilium's own identities: `reserved:host`.
    pub fn reserved(name: &str) -> Self {
        Self(format!("reserved:{name}"))
    }

    /// The source that the label must come from; `None` is any source.
    ///
    /// `$host` is Cilium's short form of `reserved:host`.
    pub fn source(&self) -> Option<LabelSource> {
        if self.0.starts_with('$') {
            return Some(LabelSource::Reserved);
        }
        match self.0.split_once(':') {
            Some((source, _)) if !source.is_empty() => Some(LabelSource::from(source)),
            _ => None,
        }
    }

    /// The key without its source.
    pub fn name(&self) -> &str {
        if let Some(name) = self.0.strip_prefix('$') {
            return name;
        }
        self.0
            .split_once(':')
            .map_or(self.0.as_str(), |(_, name)| name)
    }
}

impl From<&str> for LabelKey {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for LabelKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for LabelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A label that marks a rule, as in [`Rule::labels`](crate::v2::Rule::labels).
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Label {
    /// Name of the label, without its source.
    pub key: String,
    /// Value of the label; a label may do without.
    pub value: Option<String>,
    /// Who set the label. Absent is [`LabelSource::Unspec`].
    pub source: Option<LabelSource>,
}

impl Label {
    /// A label with a key and a value, whose source is not stated.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: Some(value.into()),
            source: None,
        }
    }
}
