//! `stackctl diff`: what changes between two sets of manifests, or two environments of the lab.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crd_validate::{KubernetesVersion, Registry};
use lab_builder::{Environment, Lab};
use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use serde_json::{Value, json};
use stack_diff::Diff;
use stack_model::{Model, Origin, SourceObject};
use stack_reach::{Change, Reach};

use crate::check::{self, Channel};
use crate::files::{self, Exclude};
use crate::{manifests, reach};

/// Say what changes between two sets of manifests, by meaning
///
/// Objects are compared in the form that a server keeps of them: the order of keys, defaults that are written out and other
/// spellings of an amount are no change. On top stand the images and policies that change, and the connections that open and close.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl diff old/ new/
  stackctl diff env:dev env:prod                     two environments of the lab
  stackctl diff --format markdown old/ new/          a comment for a pull request
  helm template my-chart | stackctl diff old.yaml -
  stackctl diff --format json old/ new/ | jq '.images'

Exit code: as diff's. 0 when nothing changes, 1 when something does, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Leave out who can reach whom.
    #[arg(long)]
    pub no_reach: bool,

    /// The version of Kubernetes whose defaults count: 1.33 to 1.37.
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub kubernetes: KubernetesVersion,

    /// Folder (or file) with CustomResourceDefinitions. They count before those that are built in. May be repeated.
    #[arg(long, value_name = "DIR")]
    pub crds: Vec<PathBuf>,

    /// File, folder, - for standard input, or env:NAME for an environment of the lab.
    pub old: PathBuf,

    /// The same, after the change.
    pub new: PathBuf,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Images, policies and connections, then a line for each object and field
    Text,
    /// One JSON object with `objects`, `images`, `policies` and `reach`
    Json,
    /// A comment for a pull request
    Markdown,
}

/// Prints what changes. The answer is whether something does.
///
/// # Errors
/// When an environment cannot be built, or the output cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let mut registry =
        check::definitions::given(&arguments.crds, &[], arguments.kubernetes, console);
    crd_families::add_definitions(Channel::Experimental.into(), &mut registry);
    let old = objects(&arguments.old, console)?;
    let new = objects(&arguments.new, console)?;
    let values = |objects: &[SourceObject]| -> Vec<Value> {
        objects
            .iter()
            .map(|object| object.value.to_json())
            .collect()
    };
    let diff = Diff::of_stored(values(&old), values(&new), |object| kept(&registry, object));
    let changes = match arguments.no_reach {
        true => Vec::new(),
        false => stack_reach::diff(&matrix(old), &matrix(new)),
    };
    let text = match arguments.format {
        Format::Text => in_text(&diff, &changes),
        Format::Markdown => in_markdown(&diff, &changes),
        Format::Json => {
            let whole = json!({
                "objects": diff.objects,
                "images": diff.images(),
                "policies": diff.policies().collect::<Vec<_>>(),
                "reach": changes,
            });
            format!("{whole:#}\n")
        }
    };
    console.print(&text)?;
    Ok(!diff.is_empty() || !changes.is_empty())
}

fn objects(side: &PathBuf, console: &mut Console) -> Result<Vec<SourceObject>, Failure> {
    if let Some(name) = side.to_str().and_then(|side| side.strip_prefix("env:")) {
        let bundle = Lab::new(name.parse::<Environment>()?).build()?;
        let objects = bundle
            .objects()
            .map(|object| SourceObject::new(&*object.to_value(), Origin::default()));
        return Ok(objects.collect());
    }
    let inputs = files::collect(std::slice::from_ref(side), &Exclude::default(), console);
    Ok(manifests::documents(inputs, console))
}

/// The form that a server keeps, without what it fills in itself.
fn kept(registry: &Registry, object: &Value) -> Option<Value> {
    let mut stored = registry.stored(object)?;
    if let Some(members) = stored.as_object_mut() {
        members.remove("status");
    }
    Some(stored)
}

fn matrix(objects: Vec<SourceObject>) -> stack_reach::Matrix {
    Reach::of(&Model::read(objects)).matrix()
}

fn in_text(diff: &Diff, changes: &[Change]) -> String {
    let mut text = String::new();
    for image in diff.images() {
        text.push_str(&format!("image: {}\n", one_line(&image.to_string())));
    }
    for policy in diff.policies() {
        let what = match policy.change {
            stack_diff::Change::Added => "comes",
            stack_diff::Change::Removed => "goes",
            stack_diff::Change::Changed => "changes",
        };
        let policy = one_line(&policy.object.to_string());
        text.push_str(&format!("policy {what}: {policy}\n"));
    }
    for change in changes {
        text.push_str(&format!("reach: {}\n", reach::change_in_line(change)));
    }
    for line in diff.to_string().lines() {
        text.push_str(&format!("{}\n", one_line(line)));
    }
    text
}

fn in_markdown(diff: &Diff, changes: &[Change]) -> String {
    let mut connections = String::new();
    if !changes.is_empty() {
        connections.push_str("### Connections\n\n");
    }
    for change in changes {
        let line = reach::change_in_line(change).replace('`', "'");
        connections.push_str(&format!("- `{line}`\n"));
    }
    diff.to_markdown_with(&connections)
}
