//! The dot language of Graphviz.

use std::fmt::Write as _;

use crate::escape::dot as escaped;
use crate::graph::{Direction, EdgeKind, Graph, GroupId, Mark, Node, NodeKind};
use crate::outline::{Children, Ids};

impl Graph {
    /// Text in the DOT language: boxes keep their titles and frames, layout is left to Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        let ids = Ids::of(self);
        let direction = match self.direction {
            Direction::Down => "TB",
            Direction::Right => "LR",
        };
        let mut out = format!(
            "digraph stack {{\n  rankdir={direction};\n  label=\"{}\";\n  labelloc=t;\n  node [shape=box, style=rounded, fontname=Helvetica];\n  edge [fontname=Helvetica, fontsize=10];\n",
            escaped(&self.title)
        );
        let children = Children::of(self);
        self.dot_inside(None, 1, &ids, &children, &mut out);
        for edge in &self.edges {
            let style = match edge.kind {
                EdgeKind::Flow | EdgeKind::Reference => "solid",
                EdgeKind::Then => "bold",
                EdgeKind::Query | EdgeKind::Depends => "dashed",
                EdgeKind::Selects => "dotted",
                EdgeKind::Refused | EdgeKind::Broken => {
                    "dashed\", color=\"#b3261e\", arrowhead=\"tee"
                }
            };
            let (from, to) = (&ids.nodes[edge.from.0], &ids.nodes[edge.to.0]);
            let label = match edge.label.as_str() {
                "" => String::new(),
                label => format!("label=\"{}\", ", escaped(label)),
            };
            let _ = writeln!(out, "  {from} -> {to} [{label}style=\"{style}\"];");
        }
        out.push_str("}\n");
        out
    }

    fn dot_inside(
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
            let note = match data.note.as_str() {
                "" => String::new(),
                note => format!("\\n{}", escaped(note)),
            };
            let _ = writeln!(
                out,
                "{indent}subgraph cluster_{} {{\n{indent}  label=\"{}{note}\";\n{indent}  style=rounded;",
                ids.groups[*inner],
                escaped(&data.title)
            );
            self.dot_inside(Some(GroupId(*inner)), depth + 1, ids, children, out);
            let _ = writeln!(out, "{indent}}}");
        }
        for node in &children.nodes[at] {
            let data = &self.nodes[*node];
            let _ = writeln!(
                out,
                "{indent}{} [label=\"{}\"{}];",
                ids.nodes[*node],
                label(data),
                look(data)
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
        .join("\\n")
}

fn look(node: &Node) -> &'static str {
    match (node.mark, node.kind) {
        (Mark::Added, _) => ", color=\"#16703a\", penwidth=2",
        (Mark::Removed, _) => ", color=\"#b3261e\", penwidth=2, style=\"rounded,dashed\"",
        (Mark::Changed, _) => ", color=\"#855400\", penwidth=2",
        (Mark::Missing | Mark::Wrong, _) => ", color=\"#b3261e\", style=\"rounded,dashed\"",
        (Mark::None, NodeKind::Store) => ", shape=cylinder, style=solid",
        (Mark::None, NodeKind::Client | NodeKind::Host) => ", shape=ellipse, style=solid",
        (Mark::None, NodeKind::Folded) => ", shape=box3d, style=solid",
        (Mark::None, _) => "",
    }
}
