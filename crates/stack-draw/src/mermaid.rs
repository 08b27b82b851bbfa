//! Mermaid, which Git hosts draw.

use std::fmt::Write as _;

use crate::escape::{clean, mermaid as escaped};
use crate::graph::{Direction, EdgeKind, Graph, GroupId, Mark, Node, NodeKind};
use crate::outline::{Children, Ids};

impl Graph {
    /// The graph as a flowchart for Mermaid.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let ids = Ids::of(self);
        let direction = match self.direction {
            Direction::Down => "TB",
            Direction::Right => "LR",
        };
        let mut out = format!("flowchart {direction}\n");
        let _ = writeln!(out, "  accTitle: {}", line(&self.title));
        if !self.description.is_empty() {
            let _ = writeln!(out, "  accDescr: {}", line(&self.description));
        }
        let children = Children::of(self);
        self.mermaid_inside(None, 1, &ids, &children, &mut out);
        for edge in &self.edges {
            let arrow = match edge.kind {
                EdgeKind::Flow | EdgeKind::Reference => "-->",
                EdgeKind::Then => "==>",
                EdgeKind::Query | EdgeKind::Selects | EdgeKind::Depends => "-.->",
                EdgeKind::Refused | EdgeKind::Broken => "--x",
            };
            let (from, to) = (&ids.nodes[edge.from.0], &ids.nodes[edge.to.0]);
            let _ = match edge.label.as_str() {
                "" => writeln!(out, "  {from} {arrow} {to}"),
                label => writeln!(out, "  {from} {arrow}|\"{}\"| {to}", escaped(label)),
            };
        }
        let marks = [
            (Mark::Added, "added", "stroke:#16703a,stroke-width:2px"),
            (
                Mark::Removed,
                "removed",
                "stroke:#b3261e,stroke-width:2px,stroke-dasharray:6 3",
            ),
            (Mark::Changed, "changed", "stroke:#855400,stroke-width:2px"),
            (
                Mark::Missing,
                "missing",
                "stroke:#b3261e,stroke-dasharray:3 3",
            ),
            (Mark::Wrong, "wrong", "stroke:#b3261e,stroke-width:2px"),
        ];
        for (mark, name, style) in marks {
            let marked = self
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, node)| node.mark == mark);
            let marked: Vec<&str> = marked.map(|(index, _)| ids.nodes[index].as_str()).collect();
            if !marked.is_empty() {
                let _ = writeln!(
                    out,
                    "  classDef {name} {style}\n  class {} {name}",
                    marked.join(",")
                );
            }
        }
        out
    }

    fn mermaid_inside(
        &self,
        group: Option<GroupId>,
        depth: usize,
        ids: &Ids,
        children: &Children,
        out: &mut String,
    ) {
        let indent = "  ".repeat(depth);
        let at = group.map_or(0, |group| group.0 + 1);
        for inner in &children.groups[at] {
            let data = &self.groups[*inner];
            let title = match data.note.as_str() {
                "" => escaped(&data.title),
                note => format!("{} ({})", escaped(&data.title), escaped(note)),
            };
            let _ = writeln!(out, "{indent}subgraph {}[\"{title}\"]", ids.groups[*inner]);
            self.mermaid_inside(Some(GroupId(*inner)), depth + 1, ids, children, out);
            let _ = writeln!(out, "{indent}end");
        }
        for node in &children.nodes[at] {
            let (open, close) = shape(&self.nodes[*node]);
            let _ = writeln!(
                out,
                "{indent}{}{open}\"{}\"{close}",
                ids.nodes[*node],
                label(&self.nodes[*node])
            );
        }
    }
}

fn label(node: &Node) -> String {
    let title = match node.mark.sign() {
        "" => escaped(&node.title),
        sign => format!("{sign} {}", escaped(&node.title)),
    };
    let lines = node.details.iter().map(|line| escaped(line));
    std::iter::once(title)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("<br/>")
}

fn shape(node: &Node) -> (&'static str, &'static str) {
    match node.kind {
        NodeKind::Store => ("[(", ")]"),
        NodeKind::Client | NodeKind::Host => ("([", "])"),
        NodeKind::Route => ("{{", "}}"),
        NodeKind::Gateway => ("[/", "/]"),
        NodeKind::Folded => ("[[", "]]"),
        _ => ("[", "]"),
    }
}

/// A text that stands alone on its line, where quotes would be shown.
fn line(text: &str) -> String {
    let plain = |c: char| match c {
        ';' => ',',
        '{' | '}' | '#' | '%' | '<' | '>' | '&' | '`' | '"' | '\\' => ' ',
        c => c,
    };
    clean(text).chars().map(plain).collect()
}
