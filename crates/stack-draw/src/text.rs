//! Text for the terminal.

use std::fmt::Write as _;

use crate::escape::clean;
use crate::graph::{EdgeKind, Graph, GroupId};
use crate::outline::Children;

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
