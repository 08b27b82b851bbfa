//! Which object is meant.

use std::fmt;

/// What identifies an object in a cluster, as far as its document says it.
///
/// A document from a file may lack any of it; what it does not say is empty, or `None` for the namespace.
///
/// ```
/// use kube_vocab::ObjectId;
///
/// let id = ObjectId::new("apps/v1", "Deployment", Some("demo"), "web");
/// assert_eq!(id.group(), "apps");
/// assert_eq!(id.version(), "v1");
/// assert_eq!(id.to_string(), "Deployment demo/web");
/// assert_eq!(ObjectId::default().to_string(), "object without a name");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Group and version as written: `apps/v1`, or `v1` for the core group.
    pub api_version: String,
    /// The kind, for example `Deployment`.
    pub kind: String,
    /// The namespace; `None` for a cluster-wide object, and for one that leaves the choice to whoever applies it.
    pub namespace: Option<String>,
    /// The name; empty where the server is asked to make one (`metadata.generateName`).
    pub name: String,
}

impl ObjectId {
    /// An object's identity from its four parts.
    pub fn new(
        api_version: impl Into<String>,
        kind: impl Into<String>,
        namespace: Option<&str>,
        name: impl Into<String>,
    ) -> Self {
        Self {
            api_version: api_version.into(),
            kind: kind.into(),
            namespace: namespace.map(str::to_owned),
            name: name.into(),
        }
    }

    /// The API group: the part before the `/`, empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The version without its group.
    pub fn version(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or(self.api_version.as_str(), |(_, version)| version)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.kind.is_empty() {
            "object"
        } else {
            &self.kind
        })?;
        match (&self.namespace, self.name.as_str()) {
            (_, "") => f.write_str(" without a name"),
            (Some(namespace), name) => write!(f, " {namespace}/{name}"),
            (None, name) => write!(f, " {name}"),
        }
    }
}
