//! Everybody to everybody, and what a change makes of it.

use std::path::{Path, PathBuf};

use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use stack_reach::{Change, ChangeKind, Matrix};

use super::{Arguments, Format, prepared};
use crate::manifests;

/// Prints the matrix of the manifests.
pub(super) fn matrix(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let matrix = of(&arguments.paths, arguments, console)?;
    let text = match arguments.format.unwrap_or(Format::Table) {
        Format::Json => format!("{}\n", serde_json::to_string(&matrix)?),
        Format::Text | Format::Table => matrix.to_table(),
        Format::Dot => matrix.to_dot(),
        Format::Mermaid => matrix.to_mermaid(),
    };
    console.print(&text)?;
    Ok(false)
}

/// Prints the pairs whose connections differ.
pub(super) fn diff(
    old: &Path,
    new: &Path,
    arguments: &Arguments,
    console: &mut Console,
) -> Result<bool, Failure> {
    let old = of(&[old.to_owned()], arguments, console)?;
    let new = of(&[new.to_owned()], arguments, console)?;
    let changes = stack_reach::diff(&old, &new);
    let text = match arguments.format {
        Some(Format::Json) => format!("{}\n", serde_json::to_string(&changes)?),
        _ if changes.is_empty() => "nothing is opened or closed\n".to_owned(),
        _ => changes
            .iter()
            .map(|change| format!("{}\n", in_line(change)))
            .collect(),
    };
    console.print(&text)?;
    Ok(false)
}

fn of(paths: &[PathBuf], arguments: &Arguments, console: &mut Console) -> Result<Matrix, Failure> {
    let settings = arguments.settings.read([])?;
    let model = manifests::model(paths, console);
    Ok(prepared(&model, settings, console).matrix())
}

/// What becomes of a pair, for people: `opened`, `closed` or `changed`, with the requests.
pub(crate) fn in_line(change: &Change) -> String {
    let word = match change.kind {
        ChangeKind::Added => "opened",
        ChangeKind::Removed => "closed",
        ChangeKind::Changed => "changed",
    };
    let side = |connections: &stack_reach::Connections, requests: &[stack_reach::Asked]| {
        let asked: Vec<String> = requests.iter().map(|asked| format!("; {asked}")).collect();
        format!("{connections}{}", asked.concat())
    };
    let old = side(&change.old, &change.old_requests);
    let new = side(&change.new, &change.new_requests);
    let connections = match change.kind {
        ChangeKind::Added => new,
        ChangeKind::Removed => old,
        ChangeKind::Changed => format!("{old} → {new}"),
    };
    let line = format!("{word:7}  {} → {}: {connections}", change.from, change.to);
    one_line(&line)
}
