//! What is asked for, allowed and left.

use kube_vocab::Quantity;
use stack_check::capacity::Table;

use crate::bars::{Bar, Bars};

/// A bar per resource of each namespace and of each node: what is asked for at rest, what during the greediest rollout, and what a
/// quota or the node allows.
#[must_use]
pub fn capacity(table: &Table) -> Bars {
    let mut bars = Bars::new("Capacity");
    // Of what nobody asks for and nothing bounds there is nothing to see.
    let seen = table.namespaces.iter().filter(|row| {
        row.allowed.is_some() || amount(&row.at_most).max(amount(&row.at_rollout)) > 0.0
    });
    for row in seen {
        bars.add(
            &format!("namespace {}", row.namespace),
            Bar {
                name: row.resource.clone(),
                used: amount(&row.asked),
                used_text: row.asked.clone(),
                most: amount(&row.at_rollout).max(amount(&row.at_most)),
                most_text: match amount(&row.at_most) > amount(&row.at_rollout) {
                    true => row.at_most.clone(),
                    false => row.at_rollout.clone(),
                },
                bound: row.allowed.as_deref().map(amount),
                bound_text: row.allowed.clone().unwrap_or_default(),
            },
        );
    }
    for row in &table.nodes {
        bars.add(
            &format!("node {}", row.node),
            Bar {
                name: row.resource.clone(),
                used: amount(&row.asked),
                used_text: row.asked.clone(),
                most: amount(&row.asked),
                most_text: row.asked.clone(),
                bound: Some(amount(&row.allowed)),
                bound_text: row.allowed.clone(),
            },
        );
    }
    bars.description = format!(
        "{} namespaces and {} nodes; {} workloads are refused by a quota, {} find no node.",
        distinct(table.namespaces.iter().map(|row| row.namespace.as_str())),
        distinct(table.nodes.iter().map(|row| row.node.as_str())),
        table.refused.len(),
        table.unplaced.len(),
    );
    bars
}

fn distinct<'t>(names: impl Iterator<Item = &'t str>) -> usize {
    names.collect::<std::collections::BTreeSet<_>>().len()
}

/// The table writes amounts as manifests do; what could not be read there is not in it.
fn amount(text: &str) -> f64 {
    text.parse::<Quantity>().map_or(0.0, Quantity::as_f64)
}
