//! Who may talk to whom, by namespace.

use std::collections::BTreeMap;

use stack_reach::{Connections, Matrix, Party, PortSet, Protocol};

use crate::grid::{Cell, Grid, Share};

/// Namespaces by namespaces: which ports are open between any of their workloads, and between how many. What is outside of the
/// cluster is a row and a column, too.
#[must_use]
pub fn policies(matrix: &Matrix) -> Grid {
    let mut members: BTreeMap<String, std::collections::BTreeSet<&Party>> = BTreeMap::new();
    let mut open: BTreeMap<(String, String), (Connections, Connections, usize)> = BTreeMap::new();
    for line in matrix.lines() {
        for party in [&line.from, &line.to] {
            members.entry(place(party)).or_default().insert(party);
        }
        let cell = open
            .entry((place(&line.from), place(&line.to)))
            .or_default();
        cell.0 = cell.0.union(&line.connections);
        cell.1 = cell.1.union(&line.conditional);
        cell.2 += 1;
    }
    let names: Vec<String> = members.keys().cloned().collect();
    let position: BTreeMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), at))
        .collect();
    let mut grid = Grid::new("Who may talk to whom", &names, &names);
    grid.description = format!(
        "{} namespaces. A row is who opens connections, a column who is called. Empty cells: nothing is open.",
        names.iter().filter(|name| *name != OUTSIDE).count()
    );
    for ((from, to), (connections, conditional, pairs)) in &open {
        let (Some(row), Some(column)) = (position.get(from.as_str()), position.get(to.as_str()))
        else {
            continue;
        };
        let size = |name: &str| members.get(name).map_or(0, std::collections::BTreeSet::len);
        // Nobody is asked whether it may talk to itself.
        let possible = match from == to {
            true => size(from) * size(to).saturating_sub(1),
            false => size(from) * size(to),
        };
        let text = match connections.is_all() {
            true => "all".to_owned(),
            false => short(connections),
        };
        let share = match (
            connections.is_all() && *pairs >= possible,
            conditional.is_empty(),
        ) {
            (true, true) => Share::All,
            (_, false) => Share::Depends,
            _ => Share::Some,
        };
        let of = if *pairs >= possible {
            "all pairs".to_owned()
        } else {
            format!("{pairs} of {possible} pairs")
        };
        let condition = match conditional.is_empty() {
            true => String::new(),
            false => format!("; depends: {conditional}"),
        };
        grid.set(
            *row,
            *column,
            Cell {
                text,
                share,
                tip: format!("{from} → {to}: {connections} ({of}{condition})"),
            },
        );
    }
    grid
}

const OUTSIDE: &str = "outside";

fn place(party: &Party) -> String {
    match party {
        Party::Workload { namespace, .. } => namespace.to_string(),
        Party::Outside(_) => OUTSIDE.to_owned(),
        other => other.to_string(),
    }
}

/// The ports of TCP, which people look for first; the whole stands in the tip.
fn short(connections: &Connections) -> String {
    let tcp = connections.ports(Protocol::Tcp);
    if tcp.is_empty() {
        return "no TCP".to_owned();
    }
    if tcp.is_all() {
        return "all TCP".to_owned();
    }
    let closed = tcp.complement();
    let ports: usize = closed
        .ranges()
        .iter()
        .map(|(first, last)| usize::from(last - first) + 1)
        .sum();
    match ports <= 16 {
        true => format!("all but {}", in_words(&closed)),
        false => in_words(tcp),
    }
}

fn in_words(ports: &PortSet) -> String {
    let ranges = ports
        .ranges()
        .iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}–{last}"),
        });
    ranges.collect::<Vec<_>>().join(", ")
}
