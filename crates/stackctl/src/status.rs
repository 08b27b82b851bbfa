//! `stackctl status`: the conditions that gateways, routes and policies would get.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use stack_gateway::{ConditionRow, ListenerRow, ObjectRef, Routing, Status};
use stack_model::Value;

use crate::manifests;

/// Say which conditions gateways, listeners, routes and policies of Gateway API would get
///
/// The manifests are the cluster: a Gateway that is not among them gives its routes no status. Whether something is
/// Programmed only a cluster knows.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl status manifests/
  stackctl status --problems manifests/              only what is wrong
  stackctl status --format json manifests/ | jq '.conditions[] | select(.status == \"False\")'

Exit code: 0 when the statuses are told, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Only conditions that say that something is wrong. For --format text.
    #[arg(long)]
    pub problems: bool,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line for each condition and each listener
    Text,
    /// One JSON object with `conditions`, `listeners` and `gateways`
    Json,
}

/// Prints the statuses. The answer is always `false`: there is nothing that could be found.
///
/// # Errors
/// When the statuses cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let model = manifests::model(&arguments.paths, console);
    let status = Routing::of(&model).status();
    let text = match arguments.format {
        Format::Json => format!("{}\n", serde_json::to_string(&status)?),
        Format::Text => in_lines(&status, arguments.problems),
    };
    console.print(&text)?;
    Ok(false)
}

fn in_lines(status: &Status, problems: bool) -> String {
    let mut lines = Vec::new();
    for row in status
        .conditions
        .iter()
        .filter(|row| !problems || is_problem(row))
    {
        lines.push(condition(row));
    }
    if !problems {
        lines.extend(status.listeners.iter().map(listener));
    }
    lines
        .iter()
        .map(|line| format!("{}\n", one_line(line)))
        .collect()
}

/// Whether the condition speaks of a fault. Those that are faults where they hold are told by their names.
fn is_problem(row: &ConditionRow) -> bool {
    let bad = matches!(
        row.condition.condition_type,
        "Conflicted" | "PartiallyInvalid"
    );
    row.condition.status == bad
}

fn condition(row: &ConditionRow) -> String {
    let reference = row.parent_ref.as_ref().or(row.ancestor_ref.as_ref());
    let whose = match (&row.listener, reference) {
        (Some(listener), _) => format!(" listener {listener}"),
        (None, Some(reference)) => format!(" for {}", target(reference)),
        (None, None) => String::new(),
    };
    let condition = &row.condition;
    let status = if condition.status { "True" } else { "False" };
    let message = match condition.message.as_str() {
        "" => String::new(),
        message => format!(": {message}"),
    };
    let (object, kind) = (object(&row.object), condition.condition_type);
    format!(
        "{object}{whose}: {kind}={status} ({}){message}",
        condition.reason
    )
}

fn listener(row: &ListenerRow) -> String {
    let kinds: Vec<&str> = row
        .supported_kinds
        .iter()
        .filter_map(|kind| kind.get("kind")?.as_str())
        .collect();
    let (object, name, count) = (object(&row.object), &row.name, row.attached_routes);
    let routes = if count == 1 { "route" } else { "routes" };
    format!(
        "{object} listener {name}: {count} {routes}; takes {}",
        kinds.join(", ")
    )
}

fn object(object: &ObjectRef) -> String {
    match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {}", object.kind, object.name),
    }
}

/// A reference as people write it: `Gateway kong/edge, section http`.
fn target(reference: &Value) -> String {
    let text = |key: &str| reference.get(key).and_then(Value::as_str);
    let mut out = text("kind").unwrap_or("Gateway").to_owned();
    out.push(' ');
    if let Some(namespace) = text("namespace") {
        out.push_str(namespace);
        out.push('/');
    }
    out.push_str(text("name").unwrap_or_default());
    if let Some(section) = text("sectionName") {
        out.push_str(", section ");
        out.push_str(section);
    }
    if let Some(port) = reference.get("port") {
        out.push_str(&format!(", port {port}"));
    }
    out
}
