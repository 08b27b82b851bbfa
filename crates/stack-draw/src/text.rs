//! Text for the terminal, and the names by which written forms know nodes.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::escape::clean;
use crate::graph::{EdgeKind, Graph, GroupId};
use crate::mermaid::Children;

/// Names of nodes and groups that every written form takes: letters, digits and `_`, each once.
pub(crate) struct Ids {
    pub nodes: Vec<String>,
    pub groups: Vec<String>,
}

impl Ids {
    pub fn of(graph: &Graph) -> Self {
        let mut taken = HashSet::new();
        let groups = graph
            .groups
            .iter()
            .map(|group| unique(&group.id, "g", &mut taken));
        let groups = groups.collect();
        let nodes = graph
            .nodes
            .iter()
            .map(|node| unique(&node.id, "n", &mut taken));
        Self {
            nodes: nodes.collect(),
            groups,
        }
    }
}

/// Words that mean something in Mermaid or dot.
const RESERVED: [&str; 16] = [
    "class",
    "classdef",
    "click",
    "default",
    "digraph",
    "direction",
    "edge",
    "end",
    "flowchart",
    "graph",
    "href",
    "linkstyle",
    "node",
    "strict",
    "style",
    "subgraph",
];

fn unique(id: &str, letter: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let plain = plain.trim_matches('_');
    // Mermaid takes `o` and `x` behind an arrow for its head.
    let needs_letter = plain.is_empty()
        || plain.starts_with(|c: char| c.is_ascii_digit() || c == 'o' || c == 'x')
        || RESERVED.contains(&plain.to_ascii_lowercase().as_str());
    let mut name = match needs_letter {
        true => format!("{letter}_{plain}"),
        false => plain.to_owned(),
    };
    if !taken.insert(name.clone()) {
        // The next free number; each is tried once, since what was given stays given.
        let base = name;
        let mut number = taken.len();
        loop {
            name = format!("{base}_{number}");
            if taken.insert(name.clone()) {
                break;
            }
            number += 1;
        }
    }
    name
}

impl Graph {
    /// The graph for a terminal: frames, boxes below them, arrows below their start.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("{}\n", clean(&self.title));
        if !self.description.is_empty() {
            let _ = writeln!(out, "{}", clean(&self.description));
        }
        let mut leaving = vec![Vec::new(); self.nodes.len()];
        for (index, edge) in self.edges.iter().enumerate() {
            leaving[edge.from.0].push(index);
        }
        let children = Children::of(self);
        self.text_inside(None, 0, &children, &leaving, &mut out);
        out
    }

    fn text_inside(
        &self,
        group: Option<GroupId>,
        depth: usize,
        children: &Children,
        leaving: &[Vec<usize>],
        out: &mut String,
    ) {
        let indent = "  ".repeat(depth);
        let at = group.map_or(0, |group| group.0 + 1);
        for node in &children.nodes[at] {
            let data = &self.nodes[*node];
            let sign = match data.mark.sign() {
                "" => String::new(),
                sign => format!("{sign} "),
            };
            let details: String = data
                .details
                .iter()
                .map(|line| format!("  {}", clean(line)))
                .collect();
            let _ = writeln!(out, "{indent}• {sign}{}{details}", clean(&data.title));
            if !data.folded.is_empty() {
                let _ = writeln!(out, "{indent}    {}", clean(&data.folded.join(", ")));
            }
            for index in &leaving[*node] {
                let edge = &self.edges[*index];
                let arrow = match edge.kind {
                    EdgeKind::Flow | EdgeKind::Then | EdgeKind::Reference => "→",
                    EdgeKind::Query | EdgeKind::Selects => "⇢",
                    EdgeKind::Depends => "?→",
                    EdgeKind::Refused | EdgeKind::Broken => "✗→",
                };
                let label = match edge.label.as_str() {
                    "" => String::new(),
                    label => format!("  ({})", clean(label)),
                };
                let _ = writeln!(
                    out,
                    "{indent}    {arrow} {}{label}",
                    clean(&self.nodes[edge.to.0].title)
                );
            }
        }
        for inner in &children.groups[at] {
            let data = &self.groups[*inner];
            let note = match data.note.as_str() {
                "" => String::new(),
                note => format!("  {}", clean(note)),
            };
            let _ = writeln!(out, "{indent}{}{note}", clean(&data.title));
            self.text_inside(Some(GroupId(*inner)), depth + 1, children, leaving, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Direction, Node, NodeKind};

    #[test]
    fn names_are_unique_and_no_words_of_the_language() {
        let mut graph = Graph::new("names", Direction::Down);
        for id in ["end", "a/b", "a-b", "1", "", "오류", "office"] {
            graph.add(Node::new(id, NodeKind::Other, id));
        }
        let ids = Ids::of(&graph).nodes;
        assert_eq!(
            ids.iter().collect::<HashSet<_>>().len(),
            ids.len(),
            "{ids:?}"
        );
        assert!(ids.iter().all(|id| !RESERVED.contains(&id.as_str())));
        assert!(
            ids.iter()
                .all(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        );
    }
}
