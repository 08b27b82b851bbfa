//! What every written form of a graph begins with: names that it takes, and what stands in which frame.

use std::collections::HashSet;

use crate::graph::Graph;

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

/// What stands in each frame; the picture as a whole is first.
pub(crate) struct Children {
    pub groups: Vec<Vec<usize>>,
    pub nodes: Vec<Vec<usize>>,
}

impl Children {
    pub fn of(graph: &Graph) -> Self {
        let mut groups = vec![Vec::new(); graph.groups.len() + 1];
        let mut nodes = groups.clone();
        for (index, group) in graph.groups.iter().enumerate() {
            groups[group.parent.map_or(0, |parent| parent.0 + 1)].push(index);
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            nodes[node.group.map_or(0, |group| group.0 + 1)].push(index);
        }
        Self { groups, nodes }
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
