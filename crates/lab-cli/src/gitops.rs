//! `--format gitops`: the lab as a Git repository that Argo CD follows.

#[cfg(feature = "gitops")]
mod write;

use clap::{Args, ValueEnum};

#[cfg(feature = "gitops")]
pub(crate) use write::write;

/// The options that only `--format gitops` takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "With --format gitops")]
pub struct GitOpsArguments {
    /// URL of the repository, as Argo CD reads it. Required.
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,

    /// Branch, tag or commit that Argo CD follows. [default: main]
    #[arg(long, value_name = "REVISION")]
    pub revision: Option<String>,

    /// Folder in the repository; `.` for its root. [default: gitops]
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,

    /// What carries the applications. [default: apps]
    #[arg(long, value_enum)]
    pub style: Option<GitOpsStyle>,

    /// The ClusterSecretStore from which `--style rendered` takes the Secrets of charts.
    #[arg(long, value_name = "NAME")]
    pub secret_store: Option<String>,
}

/// What carries the applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GitOpsStyle {
    /// An Application of Applications; Argo CD renders the charts.
    Apps,
    /// One ApplicationSet over all environments. Those after the first are clusters that Argo CD knows by their names.
    Appset,
    /// As apps, with every chart rendered into objects; needs --charts.
    Rendered,
}

impl GitOpsArguments {
    /// The options that were given, as they are written.
    pub(crate) fn given(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.repo.is_some(), "--repo"),
            (self.revision.is_some(), "--revision"),
            (self.path.is_some(), "--path"),
            (self.style.is_some(), "--style"),
            (self.secret_store.is_some(), "--secret-store"),
        ]
        .into_iter()
        .filter_map(|(given, option)| given.then_some(option))
    }

    /// Whether charts are written as plain objects.
    #[cfg(feature = "gitops")]
    pub(crate) fn renders(&self) -> bool {
        self.style == Some(GitOpsStyle::Rendered)
    }
}
