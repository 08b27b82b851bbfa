//! Says what an API server would say of manifests, offline: `cargo run --example check -- PATH...`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "check/bindings.rs"]
mod bindings;
#[path = "check/files.rs"]
mod files;
#[path = "check/output.rs"]
mod output;

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Parser, ValueEnum};
use crd_validate::{Registry, UnknownFields, Verdict, reader};
use files::Input;
use kube_vocab::{Finding, Severity, Subject};
use output::{Checked, Counts, one_line};

/// Says what a Kubernetes API server would say of manifests, without a server.
///
/// Judged are the kinds of Gateway API, Istio, Cilium, Argo CD and Gatekeeper, KongPlugin, the built-in kinds of Kubernetes,
/// and those whose CustomResourceDefinition is given with --crds. Other documents are reported as unknown.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  check manifests/                                  all *.yaml, *.yml and *.json below the folder
  helm template my-chart | check -                  standard input
  check --crds crds/ --format json app.yaml | jq    one line of JSON per document

Exit code: 0 when nothing was found, 1 when something was found, 2 when the command line is wrong, an input or a
definition cannot be read, or the report cannot be written.")]
struct Arguments {
    /// How to report: lines as a compiler writes them, or one JSON object per document.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Folder (or file) with CustomResourceDefinitions. They count before those that are built in; of two for one kind, the
    /// first counts. May be repeated.
    #[arg(long, value_name = "DIR")]
    crds: Vec<PathBuf>,

    /// Let unknown fields pass, as a server does that was not asked to be strict.
    #[arg(long)]
    lenient: bool,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// `file:line: severity: Kind namespace/name: path: message`
    Text,
    /// One object per line.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut failed = false;
    let mut complain = |message: String| {
        // Where even this cannot be written, the exit code has to do.
        let _ = writeln!(std::io::stderr(), "error: {}", one_line(&message));
        failed = true;
    };
    let registry = registry(&arguments.crds, &mut complain);
    let inputs = files::collect(&arguments.paths, &mut complain);
    let (text, counts, complaints) = report(&registry, &inputs, &arguments);
    // The process ends: giving the definitions back to the system piece by piece would be time lost.
    std::mem::forget(registry);
    if let Err(error) = write(&text) {
        complain(format!("standard output: {error}"));
    }
    complaints.into_iter().for_each(&mut complain);
    if failed {
        ExitCode::from(2)
    } else if counts.findings > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn write(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // A reader that stops early, such as `head`, is no fault of ours.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn registry(folders: &[PathBuf], complain: &mut impl FnMut(String)) -> Registry {
    let mut registry = Registry::new();
    for input in files::collect(folders, complain) {
        let added = input
            .read()
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()))
            .and_then(|text| registry.add_text(&text).map_err(|error| error.to_string()));
        if let Err(error) = added {
            complain(format!("{}: {error}", input.name));
        }
    }
    lab_builder::check::add_definitions(&mut registry);
    registry
}

/// Judges all inputs, on all processors, and keeps their order. Comes with a complaint for each that cannot be read, and
/// for each definition that cannot be used.
fn report(
    registry: &Registry,
    inputs: &[Input],
    arguments: &Arguments,
) -> (String, Counts, Vec<String>) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let ticket = next.fetch_add(1, Ordering::Relaxed);
            if ticket >= inputs.len() {
                return done;
            }
            // From both ends: neighbours are of one kind, and two threads would wait for the same definition.
            let index = if ticket.is_multiple_of(2) {
                ticket / 2
            } else {
                inputs.len() - 1 - ticket / 2
            };
            done.push((index, check_input(registry, &inputs[index], arguments)));
        }
    };
    let mut results = Vec::with_capacity(inputs.len());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(inputs.len()))
            .map(|_| scope.spawn(work))
            .collect();
        results.extend(work());
        for worker in workers {
            match worker.join() {
                Ok(done) => results.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    results.sort_by_key(|(index, _)| *index);
    let mut text = String::new();
    let mut counts = Counts::default();
    let mut complaints = Vec::new();
    let mut unusable = BTreeSet::new();
    for (index, checked) in results {
        match checked {
            Ok(part) => {
                text.push_str(&part.text);
                counts += part.counts;
                unusable.extend(part.unusable);
            }
            Err(error) => complaints.push(format!("{}: {error}", inputs[index].name)),
        }
    }
    complaints.extend(unusable);
    if arguments.format == Format::Text {
        text.push_str(&counts.summary());
    }
    (text, counts, complaints)
}

/// What is to be said of one input.
#[derive(Default)]
struct Part {
    text: String,
    counts: Counts,
    /// Complaints about definitions, of which several inputs may have the same.
    unusable: Vec<String>,
}

fn check_input(registry: &Registry, input: &Input, arguments: &Arguments) -> std::io::Result<Part> {
    let bytes = input.read()?;
    let mut part = Part::default();
    let unknown = if arguments.lenient {
        UnknownFields::Drop
    } else {
        UnknownFields::Refuse
    };
    for document in reader::read(&bytes) {
        let (verdict, report) = match &document.content {
            Ok(object) => {
                let judgement = registry.judge(object, unknown);
                (judgement.verdict, judgement.report)
            }
            Err(error) => {
                let mut report = crd_validate::Report::default();
                report.findings.push(Finding::new(
                    "syntax",
                    Severity::Error,
                    Subject::Stack,
                    error.message.clone(),
                ));
                (Verdict::Rejected, report)
            }
        };
        let lines = match &document.content {
            Err(error) => vec![error.line],
            Ok(_) if report.findings.is_empty() => Vec::new(),
            Ok(_) => {
                let paths: Vec<String> = report
                    .findings
                    .iter()
                    .map(|finding| finding.path.to_string())
                    .collect();
                document.lines_of(paths.iter().map(String::as_str))
            }
        };
        let checked = Checked {
            file: &input.name,
            index: document.index,
            line: document.line,
            object: document.content.as_ref().ok(),
            verdict,
            report: &report,
            lines: &lines,
        };
        part.counts.add(&checked);
        part.unusable.extend(checked.unusable_definition());
        match arguments.format {
            Format::Text => checked.write_text(&mut part.text),
            Format::Json => checked.write_json(&mut part.text, arguments.lenient),
        }
    }
    Ok(part)
}
