//! The options of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crd_validate::KubernetesVersion;
use glob::Pattern;
use lab_cli::charts::Charts;

/// Say what an API server would say of manifests, without a server, and what breaks between them
///
/// Judged are the kinds of Gateway API, Istio, Cilium, Argo CD, Gatekeeper and Kong, of Argo Rollouts, cert-manager, External
/// Secrets, KEDA, Kyverno and the Prometheus Operator, the built-in kinds of Kubernetes, and those whose
/// CustomResourceDefinition or ConstraintTemplate is among the PATHs or given with --crds. Other kinds are reported as unknown.
///
/// No object for a server are, and are passed over: Helm values and charts, templates of a Helm chart (render them with
/// `helm template`), kustomizations and their patches (`kubectl kustomize`), and the configuration of kind, kubeadm and the
/// kubelet.
///
/// All inputs together are looked at as a stack: a route to a port that its Service lacks, a Service that selects nothing, a
/// quota that is exceeded. `stackctl explain CODE` tells what such a finding means. What is not among the inputs is taken to
/// exist somewhere else; --whole says that it does not. An object allows itself a finding by an annotation with the reason:
/// `allow.stack-check/CODE: "its pods come from the operator"`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl check manifests/                               all *.yaml, *.yml and *.json below the folder
  stackctl check --exclude 'charts/**' --exclude values.yaml .
  helm template my-chart | stackctl check -               standard input
  kubectl kustomize overlays/prod | stackctl check -      what a kustomization makes
  stackctl check --crds crds/ --fail-on unknown app/      a kind without definition is a failure
  stackctl check --format sarif . > check.sarif           for GitHub's code scanning
  stackctl check --kubernetes 1.33 manifests/             before or after an upgrade
  stackctl check --whole rendered/                        nothing else is applied: what is missing is an error
  stackctl check --allow missing-config --warn no-rollout-room manifests/
  stackctl check --write-baseline known.txt manifests/    take old findings between objects for granted, then
  stackctl check --baseline known.txt manifests/          only new ones count
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

    /// The version of Kubernetes whose server is asked: 1.33 to 1.37.
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub kubernetes: KubernetesVersion,

    /// Refuse what kubectl reads without a word and is hardly meant so: a key that stands twice, a key such as `n` that is
    /// read as `false`, text behind `...`. Otherwise these are warnings.
    #[arg(long)]
    pub strict_yaml: bool,

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

    #[command(flatten)]
    pub(super) stack: super::stack::Options,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl Arguments {
    /// What `stackctl check PATHS` takes, with definitions and charts.
    pub(crate) fn of(paths: Vec<PathBuf>, crds: Vec<PathBuf>, charts: Option<Charts>) -> Self {
        Self {
            format: Format::Text,
            crds,
            channel: Channel::Experimental,
            kubernetes: KubernetesVersion::default(),
            strict_yaml: false,
            lenient: false,
            fail_on: Vec::new(),
            exclude: Vec::new(),
            quiet: true,
            short: false,
            allow_empty: true,
            stack: super::stack::Options {
                charts,
                ..super::stack::Options::default()
            },
            paths,
        }
    }
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
