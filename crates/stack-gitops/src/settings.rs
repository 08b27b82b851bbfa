//! What is to be written, and where it will stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::generated::Generated;

/// How a stack is laid out in a Git repository.
///
/// ```
/// use stack_gitops::{GitOps, Style};
///
/// let gitops = GitOps::new("https://git.example/platform.git")
///     .revision("v1.4.0")
///     .style(Style::ApplicationSet)
///     .bootstrap(["cilium"]);
/// assert_eq!(gitops.path, "gitops");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GitOps {
    /// The repository's URL, as Argo CD reads it.
    pub repository: String,
    /// The branch, tag or commit that Argo CD follows; `HEAD` is refused, since nobody sees what it is. Default: `main`.
    pub revision: String,
    /// The folder in the repository, without a slash at either end; empty for the root. Default: `gitops`.
    pub path: String,
    /// What carries the applications. Default: [`Style::Apps`].
    pub style: Style,
    /// The component that is Argo CD, by its id. Default: `argocd`.
    pub argo_cd: String,
    /// The components that `bootstrap.sh` installs before Argo CD, by their ids, beside those that make the cluster: what
    /// pods cannot start without. Default: all on which Argo CD depends.
    pub bootstrap: Option<Vec<String>>,
    /// The cluster of each environment that is not the one in which its Argo CD runs.
    pub clusters: BTreeMap<String, Cluster>,
    /// Environments whose objects go when an Application is deleted. Default: none.
    pub cascade: BTreeSet<String>,
    /// Where Secrets come from in [`Style::Rendered`]. Default: nowhere, and a chart's Secret with data is refused.
    pub secret_store: Option<SecretStore>,
    /// Of each environment, what two renderings of its charts tell.
    pub(crate) compared: BTreeMap<String, Vec<Generated>>,
}

/// What carries the applications of an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// An Application of Applications: one file for each, charts rendered by Argo CD.
    #[default]
    Apps,
    /// One ApplicationSet over all environments, synced environment by environment and wave by wave.
    ApplicationSet,
    /// As [`Style::Apps`], with charts rendered into one file per object, so that a review sees what will be applied. The bundles
    /// must know their charts ([`Bundle::with_charts`](stack_builder::Bundle::with_charts)).
    Rendered,
}

/// How Argo CD knows a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cluster {
    /// The name under which it was registered.
    Name(String),
    /// The URL of its API server.
    Server(String),
}

/// A store of External Secrets Operator that holds what charts keep in Secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretStore {
    /// The name of the `ClusterSecretStore`.
    pub name: String,
    /// What stands before each key in the store: the Secret `NAMESPACE/NAME` is read from `<prefix>NAMESPACE/NAME`, each of its
    /// keys as a property. Default: nothing.
    pub prefix: String,
}

impl GitOps {
    /// The layout for a repository, with all else by default.
    pub fn new(repository: impl Into<String>) -> Self {
        Self {
            repository: repository.into(),
            revision: "main".into(),
            path: "gitops".into(),
            style: Style::default(),
            argo_cd: "argocd".into(),
            bootstrap: None,
            clusters: BTreeMap::new(),
            cascade: BTreeSet::new(),
            secret_store: None,
            compared: BTreeMap::new(),
        }
    }

    /// The same, following another branch, tag or commit.
    #[must_use]
    pub fn revision(mut self, revision: impl Into<String>) -> Self {
        self.revision = revision.into();
        self
    }

    /// The same, in another folder.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same, in another style.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// The same, with these components installed before Argo CD.
    #[must_use]
    pub fn bootstrap<S: Into<String>>(mut self, components: impl IntoIterator<Item = S>) -> Self {
        self.bootstrap = Some(components.into_iter().map(Into::into).collect());
        self
    }

    /// The same, with an environment in a cluster other than Argo CD's own.
    #[must_use]
    pub fn cluster(mut self, environment: impl Into<String>, cluster: Cluster) -> Self {
        self.clusters.insert(environment.into(), cluster);
        self
    }

    /// The same, with an environment whose objects go with their Application.
    #[must_use]
    pub fn cascading(mut self, environment: impl Into<String>) -> Self {
        self.cascade.insert(environment.into());
        self
    }

    /// The same, with the Secrets of charts taken from a store.
    #[must_use]
    pub fn secrets_from(mut self, store: SecretStore) -> Self {
        self.secret_store = Some(store);
        self
    }

    /// A path below the folder, from the root of the repository.
    pub(crate) fn at(&self, below: &str) -> String {
        match self.path.as_str() {
            "" => below.to_owned(),
            path => format!("{path}/{below}"),
        }
    }
}
