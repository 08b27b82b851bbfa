//! `stackctl sync-plan`: what Argo CD would do with a repository.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kube_vocab::Severity;
use lab_cli::{Console, Failure};
use stack_gitops::sync::{Repository, SyncPlan};

use crate::files::{self, Exclude};

/// Say what Argo CD would do with a repository: phase by phase, wave by wave
///
/// The folder is a Git repository, or a part of one. Applications are followed from those that nothing else holds;
/// ApplicationSets are expanded where their generators read lists or the repository itself. Nothing is asked of a cluster: the
/// plan is that of a first sync.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl sync-plan gitops/
  stackctl sync-plan --quiet gitops/                 only what would go wrong
  stackctl sync-plan --format json gitops/ | jq '.applications[] | {name, wave}'

What is found: objects that are used before they are there, kinds and namespaces that come too late, waves that wait for each
other or for nobody, hooks that never end, objects with two owners, what a project refuses, revisions that float.

Exit code: 0 when all would go well, 1 when an error was found, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Only what would go wrong. For --format text.
    #[arg(long, short)]
    pub quiet: bool,

    /// Folder of the repository, or a part of it.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Applications in order, with phases and waves, then findings
    Text,
    /// One JSON object with `applications` and `findings`
    Json,
}

/// Prints the plan. The answer is whether an error was found.
///
/// # Errors
/// When the folder is none, or the plan cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    if !arguments.folder.is_dir() {
        return Err(format!(
            "{}: give the folder of a repository",
            arguments.folder.display()
        )
        .into());
    }
    let inputs = files::collect(
        std::slice::from_ref(&arguments.folder),
        &Exclude::new(&[]),
        console,
    );
    let mut texts = Vec::new();
    for input in inputs {
        let path = PathBuf::from(&input.name);
        let below = path.strip_prefix(&arguments.folder).unwrap_or(&path);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let bytes = input.read();
        match bytes.as_ref().map(|bytes| str::from_utf8(bytes)) {
            Ok(Ok(text)) => texts.push((parts.join("/"), text.to_owned())),
            Ok(Err(_)) => console.complain(format!("{}: is not UTF-8", input.name)),
            Err(error) => console.complain(format!("{}: {error}", input.name)),
        }
    }
    let mut plan = SyncPlan::of(&Repository::read(texts));
    // Files as the user would name them.
    let named = |file: &str| arguments.folder.join(file).display().to_string();
    for application in &mut plan.applications {
        application.location.file = named(&application.location.file);
    }
    for location in plan
        .findings
        .iter_mut()
        .filter_map(|finding| finding.location.as_mut())
    {
        location.file = named(&location.file);
    }
    let text = match (arguments.format, arguments.quiet) {
        (Format::Json, _) => format!("{:#}\n", plan.to_json()),
        (Format::Text, false) => plan.to_string(),
        (Format::Text, true) => plan
            .findings
            .iter()
            .map(|finding| format!("{finding}\n"))
            .collect(),
    };
    console.print(&text)?;
    if plan.applications.is_empty() {
        console.complain(format!(
            "{}: there is no Application in it",
            arguments.folder.display()
        ));
    }
    Ok(plan
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error))
}
