//! Any picture, in any form.

use crate::bars::Bars;
use crate::graph::Graph;
use crate::grid::Grid;
use crate::svg::SvgOptions;

/// A picture of whatever form.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Picture {
    /// Boxes and arrows: who is connected to whom.
    Graph(Graph),
    /// A table: much that is connected to much.
    Grid(Grid),
    /// Bars: how much of what there is.
    Bars(Bars),
}

impl Picture {
    /// The heading above the picture.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Graph(graph) => &graph.title,
            Self::Grid(grid) => &grid.title,
            Self::Bars(bars) => &bars.title,
        }
    }

    /// What it says, in a sentence or two.
    #[must_use]
    pub fn description(&self) -> &str {
        match self {
            Self::Graph(graph) => &graph.description,
            Self::Grid(grid) => &grid.description,
            Self::Bars(bars) => &bars.description,
        }
    }

    /// The same picture, called otherwise.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        let title = title.into();
        match &mut self {
            Self::Graph(graph) => graph.title = title,
            Self::Grid(grid) => grid.title = title,
            Self::Bars(bars) => bars.title = title,
        }
        self
    }

    /// Whether there is nothing to see.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Graph(graph) => graph.is_empty(),
            Self::Grid(grid) => grid.rows().is_empty(),
            Self::Bars(bars) => bars.groups().is_empty(),
        }
    }

    /// Only what stands in frames whose title is wanted, with its neighbours; of a grid, rows and columns so called. Bars stay.
    #[must_use]
    pub fn within(self, wanted: impl Fn(&str) -> bool) -> Self {
        match self {
            Self::Graph(graph) => Self::Graph(graph.within(wanted)),
            Self::Grid(grid) => Self::Grid(grid.within(wanted)),
            other => other,
        }
    }

    /// With at most about so many boxes, or rows and columns. Bars stay.
    #[must_use]
    pub fn folded(self, most: usize) -> Self {
        match self {
            Self::Graph(graph) => Self::Graph(graph.folded(most)),
            Self::Grid(grid) => Self::Grid(grid.folded(most)),
            other => other,
        }
    }

    /// An SVG document of its own, which needs no other file.
    #[must_use]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        match self {
            Self::Graph(graph) => graph.to_svg(options),
            Self::Grid(grid) => grid.to_svg(options),
            Self::Bars(bars) => bars.to_svg(options),
        }
    }

    /// Text that Mermaid draws, as GitHub does in Markdown. Only graphs have a form of their own there; others become one.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        match self {
            Self::Graph(graph) => graph.to_mermaid(),
            Self::Grid(grid) => grid.to_graph().to_mermaid(),
            Self::Bars(bars) => bars.to_graph().to_mermaid(),
        }
    }

    /// Text in the DOT language, for Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        match self {
            Self::Graph(graph) => graph.to_dot(),
            Self::Grid(grid) => grid.to_graph().to_dot(),
            Self::Bars(bars) => bars.to_graph().to_dot(),
        }
    }

    /// Lines of text for a terminal, without colours.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Graph(graph) => graph.to_text(),
            Self::Grid(grid) => grid.to_text(),
            Self::Bars(bars) => bars.to_text(),
        }
    }
}
