//! `stackctl capacity`: what is asked for, allowed and left.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use stack_check::capacity::{self, Table};

use crate::manifests;

/// Show what workloads ask for, what quotas and nodes allow, and what is left
///
/// Per namespace and per quota: at rest, during the greediest rollout, and with all replicas that autoscalers may run. Per node: pods are placed
/// where there is room. What a quota would refuse and what finds no node is listed.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl capacity manifests/
  stackctl capacity --format json manifests/ | jq '.quotas[] | select(.left | startswith(\"-\"))'
  kubectl get nodes -o yaml > nodes.yaml; stackctl capacity nodes.yaml manifests/

Exit code: 0 when everything fits, 1 when a quota would refuse pods or pods find no node, 2 when the command line is wrong
or an input cannot be read.")]
pub struct Arguments {
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// One JSON object with `namespaces`, `quotas`, `nodes`, `refused` and `unplaced`
    Json,
}

/// Prints the table, and says whether something does not fit.
///
/// # Errors
/// When the output cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let table = capacity::table(&manifests::model(&arguments.paths, console));
    let text = match arguments.format {
        Format::Json => format!("{}\n", serde_json::to_string(&table)?),
        Format::Table => in_columns(&table),
    };
    console.print(&text)?;
    Ok(!table.refused.is_empty() || !table.unplaced.is_empty())
}

fn in_columns(table: &Table) -> String {
    let mut text = String::new();
    if !table.namespaces.is_empty() {
        let head = [
            "NAMESPACE",
            "RESOURCE",
            "ASKED",
            "ALLOWED",
            "LEFT",
            "AT ROLLOUT",
            "AT MOST",
        ];
        let or_dash = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".to_owned());
        let rows = table.namespaces.iter().map(|row| {
            [
                row.namespace.clone(),
                row.resource.clone(),
                row.asked.clone(),
                or_dash(&row.allowed),
                or_dash(&row.left),
                row.at_rollout.clone(),
                row.at_most.clone(),
            ]
        });
        text.push_str(&aligned(head, rows));
    }
    if !table.quotas.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        let head = [
            "QUOTA",
            "RESOURCE",
            "ASKED",
            "ALLOWED",
            "LEFT",
            "AT ROLLOUT",
            "AT MOST",
        ];
        let rows = table.quotas.iter().map(|row| {
            [
                format!("{}/{}", row.namespace, row.quota),
                row.resource.clone(),
                row.asked.clone(),
                row.allowed.clone(),
                row.left.clone(),
                row.at_rollout.clone(),
                row.at_most.clone(),
            ]
        });
        text.push_str(&aligned(head, rows));
    }
    if !table.nodes.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        let head = ["NODE", "RESOURCE", "ASKED", "ALLOWED", "LEFT"];
        let rows = table.nodes.iter().map(|row| {
            [
                &row.node,
                &row.resource,
                &row.asked,
                &row.allowed,
                &row.left,
            ]
            .map(String::clone)
        });
        text.push_str(&aligned(head, rows));
    }
    for row in &table.refused {
        let (workload, refused) = (&row.workload, row.refused);
        let of = refused + row.admitted;
        let line = format!("{workload}: {refused} of {of} pods refused: {}", row.reason);
        text.push_str(&format!("{}\n", one_line(&line)));
    }
    for workload in &table.unplaced {
        text.push_str(&format!(
            "{}: not all pods find a node\n",
            one_line(workload)
        ));
    }
    for workload in &table.unplaced_without_a_node {
        let line = one_line(workload);
        text.push_str(&format!(
            "{line}: finds no node while the busiest is gone\n"
        ));
    }
    if text.is_empty() {
        text.push_str("no workload, no quota and no node is among the manifests\n");
    }
    text
}

/// Rows under a head; amounts stand to the right.
fn aligned<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rows.map(|row| row.map(|cell| one_line(&cell))));
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
