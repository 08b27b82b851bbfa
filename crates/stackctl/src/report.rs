//! `stackctl report`: a stack as one HTML file.

use std::path::PathBuf;

use clap::Args;
use kube_vocab::{Finding, Severity};
use lab_builder::Bundle;
use lab_cli::charts::Charts;
use lab_cli::text::counted;
use lab_cli::{Console, Failure, Progress};
use stack_report::Report;

use crate::check;
use crate::graph::source::{self, Source};

/// Write a report of a stack: one HTML file with verdict, pictures, findings, images, policies, reachability and capacity
///
/// The file needs nothing else: no network and no script. It can be mailed, printed, and kept in Git, since the same input gives
/// the same bytes.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl report --out report.html manifests/
  stackctl report --out lab.html env:dev                          the documented lab
  stackctl report --out lab.html --charts rendered/ env:dev       with what its charts make
  stackctl report --out review.html --compare old/ new/           and what changes
  stackctl report --out prod.html --compare env:dev env:prod

Exit code: 0 when the report says that nothing breaks, 1 when it has errors, 2 when the command line is wrong, an input cannot be
read or the report cannot be written.")]
pub struct Arguments {
    /// The file that is written.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,

    /// What the stack is called. [default: its paths]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,

    /// Tell what differs from this: file, folder, or env:NAME.
    #[arg(long, value_name = "PATH")]
    pub compare: Option<PathBuf>,

    /// Report with the inputs what charts make: a folder with what `helm template` printed, RELEASE.yaml each; or `helm`, which
    /// renders the releases of the lab, or of a tree that `stackctl render` wrote.
    #[arg(long, value_name = "helm|DIR")]
    pub charts: Option<Charts>,

    /// Folder (or file) with CustomResourceDefinitions. They count before those that are built in. May be repeated.
    #[arg(long, value_name = "DIR")]
    pub crds: Vec<PathBuf>,

    /// Do not tell how far the work has come.
    #[arg(long, short)]
    pub quiet: bool,

    /// Files, folders, - for standard input, or env:NAME for an environment of the lab.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Writes the report, and says whether it has errors.
///
/// # Errors
/// When an input cannot be read, an environment not be built, or the file not be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let progress = Progress::new(arguments.quiet);
    let charts = arguments.charts.as_ref();
    let (source, inputs) = Source::with_inputs(&arguments.paths, charts, &progress, console)?;
    let other = match &arguments.compare {
        Some(path) => Some(Source::read(
            std::slice::from_ref(path),
            charts,
            &progress,
            console,
        )?),
        None => None,
    };
    progress.step("checking");
    let (findings, allowed) = match &source.bundle {
        Some(bundle) => of_bundle(bundle),
        // The same that `check` would say of them.
        None => {
            let check = check::Arguments::of(
                arguments.paths.clone(),
                arguments.crds.clone(),
                arguments.charts.clone(),
            );
            let findings = check::findings(&check, inputs, &progress, console)?;
            (findings, Vec::new())
        }
    };
    let diff = other.as_ref().map(|other| {
        (
            other.name.clone(),
            source::diff(&other.model, &source.model),
        )
    });
    progress.step("drawing");
    let title = arguments
        .title
        .clone()
        .unwrap_or_else(|| source.name.clone());
    let mut report = Report::new(title, &source.model)
        .findings(&findings)
        .allowed(allowed);
    if let Some(bundle) = &source.bundle {
        report = report.bundle(bundle, bundle.charts().is_some());
    }
    if let Some((name, diff)) = &diff {
        report = report.compared(name, diff);
    }
    let page = report.to_html();
    drop(progress);
    let out = &arguments.out;
    std::fs::write(out, &page).map_err(|error| format!("{}: {error}", out.display()))?;
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if !arguments.quiet {
        console.note(format!(
            "{}: {}, {}, {} KiB",
            out.display(),
            counted(errors, "error"),
            counted(warnings, "warning"),
            page.len().div_ceil(1024)
        ));
    }
    Ok(errors > 0)
}

/// What the lab's own checks find, and what is allowed with a reason.
fn of_bundle(bundle: &Bundle) -> (Vec<Finding>, Vec<(String, String)>) {
    let report = bundle.check();
    let allowed = report
        .allowed
        .iter()
        .map(|allowed| (allowed.finding.to_string(), allowed.reason.clone()));
    (report.findings.clone(), allowed.collect())
}
