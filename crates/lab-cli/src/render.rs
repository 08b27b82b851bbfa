//! `stackctl render`: the documented lab of one environment, as files or as text.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lab_builder::components::ArgoCd;
use lab_builder::stack_model::WorkloadKind;
use lab_builder::{
    Bundle, Environment, Error, Finding, Lab, Part, Profile, Report, Severity, Whole, WriteOptions,
};

use crate::charts::Charts;
use crate::console::{Console, Failure};
#[cfg(feature = "gitops")]
use crate::gitops;
use crate::gitops::GitOpsArguments;
use crate::progress::Progress;
use crate::text::counted;

/// Render the documented platform lab from typed Rust
///
/// The lab is kind + Cilium + Kong (Gateway API) + Istio ambient + Argo CD + Gatekeeper + the LGTM observability stack +
/// a demo app + guard rails. Nothing is applied: files are written, or text goes to standard output.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl render --env dev                       the tree in target/lab/dev/
  stackctl render --env prod --profile data-center --out /tmp/prod
  stackctl render --env stg --registry registry.example.com/lab   every image from one registry
  stackctl render --env dev --format stream | kubectl apply --dry-run=client -f -
  stackctl render --env dev --charts helm         judged together with what the charts make
  stackctl render --env dev --format json | jq '.releases[].name'
  stackctl render --env dev,stg,prod --format gitops --repo https://git.example/lab.git   what Argo CD follows

`cargo run --example full_stack --` takes the same options; with `-p examples` all formats but gitops, and charts from a folder alone.

Exit code: 0 when all is written, 2 when something was refused; nothing is half-written then.")]
pub struct Arguments {
    /// Environment: it decides the domain `*.lab-ENV.local` and the label `env`. dev, stg or prod; with --format gitops
    /// several, separated by commas.
    #[arg(long, default_value = "dev", value_name = "ENV")]
    pub env: String,

    /// Folder for the tree. A tree of the same environment that stands there is replaced. [default: target/lab/ENV, or
    /// target/gitops]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Leave out Istio: its releases, policies and namespace labels.
    #[arg(long)]
    pub skip_istio: bool,

    /// The documented footprint, which is the default; accepted because the documentation writes it.
    #[arg(long)]
    pub light: bool,

    /// Sizes: the documented kind lab, or the documented data-centre production (quota, replicas, TLS on Argo CD).
    #[arg(long, value_enum, default_value_t = Sizes::Lab)]
    pub profile: Sizes,

    /// Take every image from this registry: `HOST[:PORT][/PATH]`, without a scheme.
    #[arg(long, value_name = "HOST[/PATH]")]
    pub registry: Option<String>,

    /// The Git repository of the demo app's chart, which the Application of exercise 11-4 names. [default: the documented
    /// placeholder]
    #[arg(long, value_name = "URL")]
    pub demo_repository: Option<String>,

    /// What comes out: a tree of files, one YAML stream in apply order, one JSON object, or a repository for Argo CD.
    #[arg(long, value_enum, default_value_t = Format::Tree)]
    pub format: Format,

    /// Judge with the lab what its charts make: `helm` renders them (and keeps them in target/charts), or a folder holds what
    /// `helm template` printed, RELEASE.yaml each. What is written stays the same.
    #[arg(long, value_name = "helm|DIR")]
    pub charts: Option<Charts>,

    /// Overwrite what is in the way: files of the tree that you edited, and files of yours in their places; also in a folder
    /// that is not a tree of this lab. What is beside them stays.
    #[arg(long)]
    pub force: bool,

    /// Do not tell how far the work has come.
    #[arg(long, short)]
    pub quiet: bool,

    /// How the repository is laid out.
    #[command(flatten)]
    pub gitops: GitOpsArguments,
}

/// How large the lab is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sizes {
    /// The documented kind lab.
    Lab,
    /// The documented data-centre production.
    DataCenter,
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The `lab/` tree.
    Tree,
    /// All Kubernetes objects as one multi-document YAML, in apply order, on standard output.
    Stream,
    /// The whole lab as one JSON object on standard output.
    Json,
    /// A Git repository that Argo CD follows.
    Gitops,
}

/// Renders, checks and writes the lab. The answer is always `false`: there is nothing that could be found.
///
/// # Errors
/// When the arguments contradict each other, the lab cannot be built, its checks find an error, or it cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    refuse_what_has_no_effect(arguments)?;
    let progress = Progress::new(arguments.quiet);
    if arguments.format == Format::Gitops {
        return repository(arguments, progress, console);
    }
    let (bundle, warnings) = checked(arguments, &arguments.env, &progress, console)?;
    drop(progress);
    match arguments.format {
        Format::Gitops => false,
        Format::Stream => console.print(&bundle.stream())?,
        Format::Json => console.print(&format!("{:#}\n", bundle.to_json()))?,
        Format::Tree => {
            let default = || {
                ["target", "lab", bundle.environment().name()]
                    .iter()
                    .collect()
            };
            let folder: PathBuf = arguments.out.clone().unwrap_or_else(default);
            let options = WriteOptions {
                force: arguments.force,
            };
            let written = bundle.write_tree_with(&folder, options)?;
            let mut text = summary(&bundle, &folder.display().to_string(), written.files);
            for file in &written.kept {
                text.push_str(&format!("Kept as you edited it: {file}\n"));
            }
            for warning in warnings {
                text.push_str(&format!("{warning}\n"));
            }
            console.print(&text)?
        }
    };
    Ok(false)
}

/// Writes one or several environments as a repository.
#[cfg(feature = "gitops")]
fn repository(
    arguments: &Arguments,
    progress: Progress,
    console: &mut Console,
) -> Result<bool, Failure> {
    let environments = arguments.env.split(',');
    let bundles = environments.map(|environment| {
        let checked = checked(arguments, environment.trim(), &progress, console);
        checked.map(|(bundle, _)| bundle)
    });
    let bundles = bundles.collect::<Result<Vec<_>, _>>()?;
    let options = WriteOptions {
        force: arguments.force,
    };
    let again = again(arguments, &bundles, &progress)?;
    progress.step("writing files");
    let text = gitops::write(
        &arguments.gitops,
        &bundles,
        &again,
        arguments.out.as_deref(),
        options,
    )?;
    drop(progress);
    console.print(&text)?;
    Ok(false)
}

/// Says which program can do it.
#[cfg(not(feature = "gitops"))]
fn repository(_: &Arguments, _: Progress, _: &mut Console) -> Result<bool, Failure> {
    Err("--format gitops is left out of this program, so that it builds sooner (feature `gitops` of lab-cli); use \
         `stackctl render --format gitops`"
        .into())
}

/// The lab of an environment, with its charts if asked, and what its checks find beside errors, where that was not told yet;
/// refused where they find an error.
fn checked(
    arguments: &Arguments,
    environment: &str,
    progress: &Progress,
    console: &mut Console,
) -> Result<(Bundle, Vec<Finding>), Failure> {
    progress.step("building the lab");
    let mut bundle = build(arguments, environment)?;
    if let Some(charts) = &arguments.charts {
        if cfg!(not(feature = "archives")) && *charts == Charts::Helm {
            return Err("--charts helm is left out of this program, so that it builds sooner (feature `archives` of \
                 lab-cli); use `stackctl render --charts helm`"
                .into());
        }
        let cache = ["target", "charts"].iter().collect();
        bundle = charts.add_to(bundle, cache, progress)?;
    }
    progress.step("checking");
    let report = bundle.check();
    let warnings = if bundle.charts().is_some() {
        tell(&bundle, &report, console);
        Vec::new()
    } else {
        let findings = report.findings.iter();
        let warnings = findings.filter(|finding| finding.severity == Severity::Warning);
        warnings.cloned().collect()
    };
    report.into_result()?;
    Ok((bundle, warnings))
}

/// The bundles whose charts are rendered twice, with the second rendering: those of which plain objects are written.
#[cfg(feature = "gitops")]
fn again(
    arguments: &Arguments,
    bundles: &[Bundle],
    progress: &Progress,
) -> Result<Vec<Bundle>, Failure> {
    let Some(charts) = arguments
        .charts
        .as_ref()
        .filter(|_| arguments.gitops.renders())
    else {
        return Ok(Vec::new());
    };
    let mut again = Vec::new();
    for bundle in bundles {
        let cache = ["target", "charts"].iter().collect();
        again.extend(charts.again(bundle, cache, progress)?);
    }
    Ok(again)
}

/// Says what the charts make, and what their rendering shows beside errors.
fn tell(bundle: &Bundle, report: &Report, console: &mut Console) {
    let whole = Whole::of(bundle);
    let count = bundle.charts().map_or(0, |charts| charts.objects().len());
    let lasting = whole.model.workloads();
    let lasting =
        lasting.filter(|one| !matches!(one.kind(), WorkloadKind::Job | WorkloadKind::CronJob));
    let pods: u32 = lasting.map(|workload| workload.replicas().min).sum();
    let of_cluster = bundle.parts().iter().flat_map(Part::pods_of_the_cluster);
    let of_cluster: u32 = of_cluster.map(|(_, pods)| bundle.count(pods).least).sum();
    console.note(format!(
        "the charts make {}; the whole lab runs {}",
        counted(count, "object"),
        counted((pods + of_cluster) as usize, "pod"),
    ));
    for finding in &report.findings {
        if finding.severity != Severity::Error {
            console.note(finding);
        }
    }
    for allowed in &report.allowed {
        console.note(format!("allowed: {} — {}", allowed.finding, allowed.reason));
    }
}

/// Standard output has no folder to choose or to replace.
fn refuse_what_has_no_effect(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.format != Format::Gitops
        && let Some(option) = arguments.gitops.given().next()
    {
        return Err(format!(
            "{option} has an effect with --format gitops only; leave one of them out"
        )
        .into());
    }
    let format = match arguments.format {
        Format::Tree | Format::Gitops => return Ok(()),
        Format::Stream => "stream",
        Format::Json => "json",
    };
    for (given, option) in [
        (arguments.out.is_some(), "--out"),
        (arguments.force, "--force"),
    ] {
        if given {
            return Err(format!(
                "{option} has no effect with --format {format}, which writes to standard output; leave one of them out"
            )
            .into());
        }
    }
    Ok(())
}

fn build(arguments: &Arguments, environment: &str) -> Result<Bundle, Error> {
    let environment: Environment = environment.parse()?;
    let mut lab = Lab::new(environment).profile(match arguments.profile {
        Sizes::Lab => Profile::Lab,
        Sizes::DataCenter => Profile::DataCenter,
    });
    if let Some(registry) = &arguments.registry {
        lab = lab.registry(registry.parse()?);
    }
    if arguments.skip_istio {
        lab = lab.skip_istio();
    }
    if let Some(repository) = arguments.demo_repository.clone() {
        lab = lab.configure(|argocd: &mut ArgoCd| argocd.demo_repository = repository);
    }
    Ok(lab.build()?)
}

fn summary(bundle: &Bundle, folder: &str, files: usize) -> String {
    let mut text = format!(
        "{:<5} {:<11} {:<18} {:<8} Objects\n",
        "Step", "Component", "Namespace", "Releases"
    );
    for part in bundle.parts() {
        text.push_str(&format!(
            "{:<5} {:<11} {:<18} {:<8} {}\n",
            part.step(),
            part.id(),
            part.namespace().unwrap_or("-"),
            part.releases().len(),
            part.objects().count(),
        ));
    }
    text.push_str(&format!(
        "\n{files} files in {folder}\nNext: bash {folder}/setup.sh --dry-run\n"
    ));
    text
}

#[cfg(all(test, not(feature = "archives")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        render: Arguments,
    }

    #[test]
    fn charts_of_helm_are_refused_where_nothing_unpacks_them() {
        let line = CommandLine::parse_from(["render", "--charts", "helm"]);
        let refused = run(&line.render, &mut Console::default()).unwrap_err();
        let said = refused.to_string();
        assert!(
            said.ends_with("use `stackctl render --charts helm`"),
            "{said}"
        );
    }
}
