//! Short ways to write what people write daily.

use std::fmt;

use serde::Serialize;

use super::application_set::ApplicationSetSpec;
use super::application_spec::{ApplicationDestination, ApplicationSpec, Info};
use super::generator::ApplicationSetGenerator;
use super::source::{
    ApplicationSource, ApplicationSourceDirectory, ApplicationSourceHelm, ApplicationSourceType,
    HelmParameter,
};
use super::sync::{Backoff, RetryStrategy, SyncPolicy, SyncPolicyAutomated};
use super::sync_option::SyncOption;
use super::template::{ApplicationSetTemplate, ApplicationSetTemplateMeta};

/// The URL of the cluster that Argo CD runs in, as seen from there.
pub const LOCAL_CLUSTER: &str = "https://kubernetes.default.svc";

impl ApplicationSpec {
    /// An application of a project, so far without source and destination.
    pub fn new(project: impl Into<String>) -> Self {
        Self {
            project: project.into(),
            ..Self::default()
        }
    }

    /// Sets the one source; `sources`, where there are any, win over it.
    #[must_use]
    pub fn from_source(mut self, source: ApplicationSource) -> Self {
        self.source = Some(source);
        self
    }

    /// Adds to the several sources.
    #[must_use]
    pub fn from_sources(mut self, sources: impl IntoIterator<Item = ApplicationSource>) -> Self {
        self.sources.extend(sources);
        self
    }

    /// Deploys to the cluster that Argo CD runs in, into a namespace.
    #[must_use]
    pub fn to_local_cluster(self, namespace: impl Into<String>) -> Self {
        self.to(ApplicationDestination::server(LOCAL_CLUSTER, namespace))
    }

    /// Sets the cluster and namespace that is deployed to.
    #[must_use]
    pub fn to(mut self, destination: ApplicationDestination) -> Self {
        self.destination = destination;
        self
    }

    /// Sets when and how the application is synced.
    #[must_use]
    pub fn synced(mut self, policy: SyncPolicy) -> Self {
        self.sync_policy = Some(policy);
        self
    }

    /// The sources that count: `sources` where there are any, otherwise `source`.
    ///
    /// The dry source of a source hydrator is not among them.
    #[must_use]
    pub fn effective_sources(&self) -> &[ApplicationSource] {
        if self.sources.is_empty() {
            self.source.as_slice()
        } else {
            &self.sources
        }
    }
}

impl ApplicationDestination {
    /// A namespace of the cluster with this URL.
    pub fn server(url: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self {
            server: Some(url.into()),
            namespace: Some(namespace.into()),
            ..Self::default()
        }
    }

    /// A namespace of the cluster with this name.
    pub fn cluster(name: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            namespace: Some(namespace.into()),
            ..Self::default()
        }
    }
}

impl Info {
    /// A note or a link.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl ApplicationSource {
    /// A folder of a Git repository, at `HEAD`.
    pub fn git(repo_url: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            repo_url: repo_url.into(),
            path: Some(path.into()),
            ..Self::default()
        }
    }

    /// A chart of a Helm repository in a version.
    pub fn chart(
        repo_url: impl Into<String>,
        chart: impl Into<String>,
        version: impl Into<String>,
    ) -> Self {
        Self {
            repo_url: repo_url.into(),
            chart: Some(chart.into()),
            target_revision: Some(version.into()),
            ..Self::default()
        }
    }

    /// A Git repository whose files other sources of the application read as `$name/path`.
    pub fn reference(repo_url: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            repo_url: repo_url.into(),
            r#ref: Some(name.into()),
            ..Self::default()
        }
    }

    /// Takes a branch, tag, commit or version.
    #[must_use]
    pub fn at(mut self, revision: impl Into<String>) -> Self {
        self.target_revision = Some(revision.into());
        self
    }

    /// Sets how Helm renders the source: values, release name and the like.
    #[must_use]
    pub fn with_helm(mut self, helm: ApplicationSourceHelm) -> Self {
        self.helm = Some(helm);
        self
    }

    /// Renders with Helm, with values from these files of the chart; later ones win.
    #[must_use]
    pub fn with_value_files<F: Into<String>>(self, files: impl IntoIterator<Item = F>) -> Self {
        self.with_helm(ApplicationSourceHelm::value_files(files))
    }

    /// The tool that the source names; `None` where Argo CD finds it by the files it sees.
    ///
    /// # Errors
    ///
    /// A source that names more than one.
    pub fn explicit_type(&self) -> Result<Option<ApplicationSourceType>, ConflictingTools> {
        let named = [
            (self.helm.is_some(), ApplicationSourceType::Helm),
            (self.kustomize.is_some(), ApplicationSourceType::Kustomize),
            (self.directory.is_some(), ApplicationSourceType::Directory),
            (self.plugin.is_some(), ApplicationSourceType::Plugin),
        ];
        let mut tools: Vec<_> = named
            .into_iter()
            .filter_map(|(is_named, tool)| is_named.then_some(tool))
            .collect();
        if tools.len() > 1 {
            return Err(ConflictingTools { tools });
        }
        Ok(tools.pop())
    }
}

/// A source names more than one tool, and Argo CD renders it with none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictingTools {
    /// The tools, two or more.
    pub tools: Vec<ApplicationSourceType>,
}

impl fmt::Display for ConflictingTools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source can name one tool only, and names ")?;
        for (position, tool) in self.tools.iter().enumerate() {
            if position > 0 {
                f.write_str(" and ")?;
            }
            write!(f, "{tool}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConflictingTools {}

impl ApplicationSourceHelm {
    /// Values from files, relative to the chart or as `$ref/path`; later ones win.
    pub fn value_files<F: Into<String>>(files: impl IntoIterator<Item = F>) -> Self {
        Self {
            value_files: files.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Values as an object: what `json!` makes, or a type of one's own.
    ///
    /// # Errors
    ///
    /// Values that are not an object.
    pub fn values_object(values: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self {
            values_object: Some(serde_json::from_value(serde_json::to_value(values)?)?),
            ..Self::default()
        })
    }
}

impl HelmParameter {
    /// A value as with `--set`.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            value: Some(value.into()),
            force_string: None,
        }
    }
}

impl ApplicationSourceDirectory {
    /// The folder and all below it.
    #[must_use]
    pub fn recursive() -> Self {
        Self {
            recurse: Some(true),
            ..Self::default()
        }
    }
}

impl SyncPolicy {
    /// Syncs on every change of the source, deletes what the source no longer has, and undoes changes in the cluster.
    #[must_use]
    pub fn automatic() -> Self {
        Self {
            automated: Some(SyncPolicyAutomated {
                prune: Some(true),
                self_heal: Some(true),
                ..SyncPolicyAutomated::default()
            }),
            ..Self::default()
        }
    }

    /// Creates the destination's namespace.
    #[must_use]
    pub fn create_namespace(self) -> Self {
        self.with(SyncOption::CreateNamespace(true))
    }

    /// Adds a sync option, such as `ServerSideApply=true`.
    #[must_use]
    pub fn with(mut self, option: SyncOption) -> Self {
        self.sync_options.push(option);
        self
    }

    /// Tries a failed sync again, as often and as slowly as the strategy says.
    #[must_use]
    pub fn retry(mut self, retry: RetryStrategy) -> Self {
        self.retry = Some(retry);
        self
    }
}

impl RetryStrategy {
    /// This many tries beside the first; a negative number is without end.
    #[must_use]
    pub fn times(limit: i64) -> Self {
        Self {
            limit: Some(limit),
            ..Self::default()
        }
    }

    /// Waits before the first try, such as `5s`, and `factor` times as long before each further one.
    #[must_use]
    pub fn waiting(mut self, first: impl Into<String>, factor: i64) -> Self {
        self.backoff = Some(Backoff {
            duration: Some(first.into()),
            factor: Some(factor),
            ..Backoff::default()
        });
        self
    }
}

impl ApplicationSetSpec {
    /// Applications of one template, one for each set of parameters.
    pub fn new(
        generators: impl IntoIterator<Item = ApplicationSetGenerator>,
        template: ApplicationSetTemplate,
    ) -> Self {
        Self {
            generators: generators.into_iter().collect(),
            template,
            ..Self::default()
        }
    }

    /// Fills in Go templates (`{{ .name }}`), and fails on a parameter that does not exist.
    #[must_use]
    pub fn with_go_templates(mut self) -> Self {
        self.go_template = Some(true);
        self.go_template_options = vec!["missingkey=error".to_owned()];
        self
    }
}

impl ApplicationSetTemplate {
    /// An application with parameters to fill in, by its name and the rest.
    pub fn new(name: impl Into<String>, spec: ApplicationSpec) -> Self {
        let metadata = ApplicationSetTemplateMeta {
            name: Some(name.into()),
            ..ApplicationSetTemplateMeta::default()
        };
        Self { metadata, spec }
    }

    /// Puts the Applications themselves into this namespace; without it into that of Argo CD.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.metadata.namespace = Some(namespace.into());
        self
    }
}
