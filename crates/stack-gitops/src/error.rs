//! Why a stack cannot be laid out for Git.

use kube_vocab::ObjectId;

/// Why a stack cannot be laid out for Git. Nothing is written then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitOpsError {
    /// A setting that Argo CD or Git would not take, or that says nothing.
    #[error("{setting} `{value}` {reason}")]
    Setting {
        /// The setting as its call or option is named: `repository`.
        setting: &'static str,
        /// What it was set to.
        value: String,
        /// What is wrong with it, as the end of a sentence.
        reason: &'static str,
    },
    /// The stack has no component of the id that was given for Argo CD, or it installs no release.
    #[error(
        "environment `{environment}` has no component `{component}` with a release: GitOps needs Argo CD in the stack"
    )]
    NoArgoCd {
        /// The environment's name, as its folder is called.
        environment: String,
        /// The id that was looked for.
        component: String,
    },
    /// A component that is to be installed first is not in the stack.
    #[error(
        "environment `{environment}` has no component `{component}` that could be installed before Argo CD"
    )]
    NoComponent {
        /// The environment's name, as its folder is called.
        environment: String,
        /// The id that was looked for.
        component: String,
    },
    /// Two environments of one ApplicationSet lead to one cluster and would fight over its objects.
    #[error(
        "environments `{first}` and `{second}` are both in {cluster}: give each a cluster of its own (GitOps::cluster)"
    )]
    SameCluster {
        /// The environment that was added first.
        first: String,
        /// The environment that leads to the same cluster.
        second: String,
        /// How Argo CD knows the cluster.
        cluster: String,
    },
    /// Two of what is synced apart would have one name.
    #[error("environment `{environment}`: {what} `{name}` would be there twice")]
    Twice {
        /// The environment's name, as its folder is called.
        environment: String,
        /// What the name is of, in the singular: an Application, or a file.
        what: &'static str,
        /// The name that both would have.
        name: String,
    },
    /// A Secret would be readable in Git.
    #[error(
        "{object}: its data would stand in Git; take it from a store (GitOps::secrets_from, --secret-store on the command line), or leave it to the cluster"
    )]
    Secret {
        /// The Secret whose data would be committed.
        object: Box<ObjectId>,
    },
    /// A hook of a chart that Argo CD cannot run, or that would never end.
    #[error("{object}: hook `{hook}` {reason}")]
    Hook {
        /// The object that the chart marks as a hook.
        object: Box<ObjectId>,
        /// What its annotation `helm.sh/hook` holds.
        hook: String,
        /// What would happen, as the end of a sentence.
        reason: &'static str,
    },
    /// A chart whose rendering was not given, in a style that needs it.
    #[error(
        "environment `{environment}`: nothing is known of what release `{release}` renders to (Bundle::with_charts)"
    )]
    NotRendered {
        /// The environment's name, as its folder is called.
        environment: String,
        /// The release's name in Helm.
        release: String,
    },
    /// An object of a chart that is none.
    #[error("environment `{environment}`, release `{release}`: {reason}")]
    NoObject {
        /// The environment's name, as its folder is called.
        environment: String,
        /// The release's name in Helm.
        release: String,
        /// What keeps the document from being an object, as the end of a sentence.
        reason: String,
    },
    /// Something of ours that cannot be written as JSON.
    #[error("{what} cannot be serialised: {source}")]
    Serialize {
        /// The file or object that was being written.
        what: String,
        /// Where the value has no form in JSON.
        source: serde_json::Error,
    },
}
