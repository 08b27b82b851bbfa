//! The options of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use glob::Pattern;

/// Say what an API server would say of manifests, without a server
///
/// Judged are the kinds of Gateway API, Istio, Cilium, Argo CD and Gatekeeper, KongPlugin, the built-in kinds of
/// Kubernetes, and those whose CustomResourceDefinition or ConstraintTemplate is among the PATHs or given with --crds.
/// Other kinds are reported as unknown.
///
/// No object for a server are, and are passed over: Helm values and charts, templates of a Helm chart (render them with
/// `helm template`), kustomizations and their patches (`kubectl kustomize`), and the configuration of kind, kubeadm and the
/// kubelet.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl check manifests/                               all *.yaml, *.yml and *.json below the folder
  stackctl check --exclude 'charts/**' --exclude values.yaml .
  helm template my-chart | stackctl check -               standard input
  kubectl kustomize overlays/prod | stackctl check -      what a kustomization makes
  stackctl check --crds crds/ --fail-on unknown app/      a kind without definition is a failure
  stackctl check --format sarif . > check.sarif           for GitHub's code scanning
  stackctl check --format json app.yaml | jq              one line of JSON per document

Exit code: 0 when nothing was found, 1 when something was found, 2 when the command line is wrong, an input or a
definition cannot be read, nothing was there to judge, or the report cannot be written.")]
pub struct Arguments {
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Folder (or file) with CustomResourceDefinitions. They count before those that are built in; of two for one kind, the
    /// first counts. May be repeated.
    #[arg(long, value_name = "DIR")]
    pub crds: Vec<PathBuf>,

    /// Which release channel of Gateway API the server has: of the standard one it knows no experimental kinds and fields.
    #[arg(long, value_enum, default_value_t = Channel::Experimental)]
    pub channel: Channel,

    /// Let unknown fields pass, as a server does that was not asked to be strict.
    #[arg(long)]
    pub lenient: bool,

    /// What beside errors makes the exit code 1: kinds that could not be judged, or warnings. May be repeated.
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,

    /// Pass over files and folders with this name or path; `*`, `?`, `[a-z]` and `**` have their usual meaning. May be
    /// repeated.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<Pattern>,

    /// Report only what makes the exit code 1; no notes and no summary.
    #[arg(short, long)]
    pub quiet: bool,

    /// One line per finding, without an excerpt of the file. For --format text.
    #[arg(long)]
    pub short: bool,

    /// Exit code 0 also where no object was found that could be judged.
    #[arg(long)]
    pub allow_empty: bool,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// How to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// `file:line: severity: Kind namespace/name: path: message`, with an excerpt of the file
    Text,
    /// One JSON object per document and line
    Json,
    /// SARIF 2.1.0, which code scanning reads
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the lines of a pull request
    Github,
    /// JUnit XML, which GitLab, Jenkins and most others show: a test suite per file, a test per document
    Junit,
}

/// What is to fail the command besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// An object whose kind has no definition here
    Unknown,
    /// A warning
    Warning,
}

/// A release channel of Gateway API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Channel {
    /// What is proven
    Standard,
    /// Everything
    Experimental,
}

impl From<Channel> for crd_families::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Standard => Self::Standard,
            Channel::Experimental => Self::Experimental,
        }
    }
}
