//! A matrix for people: a table, and graphs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Matrix;
use super::line::Party;

impl Matrix {
    /// A table with one line for each pair, its columns aligned.
    pub fn to_table(&self) -> String {
        let rows: Vec<[String; 3]> = self
            .lines()
            .iter()
            .map(|line| {
                let mut connections = line.connections.to_string();
                if !line.conditional.is_empty() {
                    let _ = write!(connections, " (depends: {})", line.conditional);
                }
                for asked in &line.requests {
                    let _ = write!(connections, "; {asked}");
                }
                [line.from.to_string(), line.to.to_string(), connections]
            })
            .collect();
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let (from, to) = (width(0).max(4), width(1).max(2));
        let mut table = format!("{:from$}  {:to$}  CONNECTIONS\n", "FROM", "TO");
        for [source, destination, connections] in &rows {
            let _ = writeln!(table, "{source:from$}  {destination:to$}  {connections}");
        }
        table
    }

    /// A graph for Graphviz, with a cluster for each namespace.
    pub fn to_dot(&self) -> String {
        let nodes = self.nodes();
        let mut graph = String::from("digraph reach {\n  rankdir=LR;\n  node [shape=box];\n");
        for (position, (namespace, parties)) in nodes.iter().enumerate() {
            if let Some(namespace) = namespace {
                let _ = writeln!(
                    graph,
                    "  subgraph cluster_{position} {{\n    label={};",
                    quoted(namespace)
                );
            }
            for (party, id) in parties {
                let _ = writeln!(graph, "    n{id} [label={}];", quoted(&label(party)));
            }
            if namespace.is_some() {
                graph.push_str("  }\n");
            }
        }
        let ids = ids(&nodes);
        for line in self.lines() {
            if let (Some(from), Some(to)) = (ids.get(&line.from), ids.get(&line.to)) {
                let _ = writeln!(
                    graph,
                    "  n{from} -> n{to} [label={}];",
                    quoted(&line.connections.to_string())
                );
            }
        }
        graph.push_str("}\n");
        graph
    }

    /// A flowchart for Mermaid, with a subgraph for each namespace.
    pub fn to_mermaid(&self) -> String {
        let nodes = self.nodes();
        let mut graph = String::from("flowchart LR\n");
        for (position, (namespace, parties)) in nodes.iter().enumerate() {
            if let Some(namespace) = namespace {
                let _ = writeln!(graph, "  subgraph g{position}[{}]", escaped(namespace));
            }
            for (party, id) in parties {
                let _ = writeln!(graph, "    n{id}[{}]", escaped(&label(party)));
            }
            if namespace.is_some() {
                graph.push_str("  end\n");
            }
        }
        let ids = ids(&nodes);
        for line in self.lines() {
            if let (Some(from), Some(to)) = (ids.get(&line.from), ids.get(&line.to)) {
                let _ = writeln!(
                    graph,
                    "  n{from} -->|{}| n{to}",
                    escaped(&line.connections.to_string())
                );
            }
        }
        graph
    }

    /// The peers by namespace; what is in none comes first.
    fn nodes(&self) -> BTreeMap<Option<&str>, BTreeMap<&Party, usize>> {
        let mut nodes: BTreeMap<Option<&str>, BTreeMap<&Party, usize>> = BTreeMap::new();
        for party in self.lines().iter().flat_map(|line| [&line.from, &line.to]) {
            let namespace = match party {
                Party::Workload { namespace, .. } => Some(&**namespace),
                _ => None,
            };
            nodes.entry(namespace).or_default().insert(party, 0);
        }
        for (id, slot) in nodes
            .values_mut()
            .flat_map(|parties| parties.values_mut())
            .enumerate()
        {
            *slot = id;
        }
        nodes
    }
}

fn ids<'m>(
    nodes: &BTreeMap<Option<&str>, BTreeMap<&'m Party, usize>>,
) -> BTreeMap<&'m Party, usize> {
    let mut ids = BTreeMap::new();
    for parties in nodes.values() {
        ids.extend(parties);
    }
    ids
}

fn label(party: &Party) -> String {
    match party {
        Party::Workload { name, kind, .. } => format!("{name} ({kind})"),
        other => other.to_string(),
    }
}

/// A text of the dot language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text of Mermaid, which has entities instead of escapes.
fn escaped(text: &str) -> String {
    format!("\"{}\"", text.replace('#', "#35;").replace('"', "#quot;"))
}
