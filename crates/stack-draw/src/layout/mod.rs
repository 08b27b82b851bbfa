//! Where everything stands: layers of boxes inside frames.
//!
//! Each frame is laid out by itself, from the innermost out, and is one box for what is around it. Arrows that leave a frame do so
//! at a port on its border, so that no arrow crosses a box or a foreign frame. Then all is done again with the ports in the order
//! that the surroundings ask for.

mod arrange;
mod order;
mod pack;
mod rank;
mod settle;
mod tree;

use std::collections::HashMap;

use self::pack::{Block, Scope};
use self::tree::{Item, Tree};
use crate::graph::{Direction, Graph};

/// A place in a picture, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Pixels from the left side of the picture.
    pub x: f64,
    /// Pixels from its upper side.
    pub y: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Pixels from the picture's left side to the rectangle's.
    pub x: f64,
    /// Pixels from the picture's upper side to the rectangle's.
    pub y: f64,
    /// To the right of `x`.
    pub width: f64,
    /// Down from `y`.
    pub height: f64,
}

impl Rect {
    /// Whether the two share more than a border.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart =
            |a: f64, wide: f64, b: f64, other_wide: f64| a + wide <= b || b + other_wide <= a;
        !apart(self.x, self.width, other.x, other.width)
            && !apart(self.y, self.height, other.y, other.height)
    }

    /// Whether the other lies inside, borders included.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    fn moved(self, by: Point) -> Self {
        Self {
            x: self.x + by.x,
            y: self.y + by.y,
            ..self
        }
    }

    fn turned(self) -> Self {
        Self {
            x: self.y,
            y: self.x,
            width: self.height,
            height: self.width,
        }
    }
}

impl Point {
    fn moved(self, by: Self) -> Self {
        Self {
            x: self.x + by.x,
            y: self.y + by.y,
        }
    }

    fn turned(self) -> Self {
        Self {
            x: self.y,
            y: self.x,
        }
    }
}

/// The way of an arrow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// From the box where it starts to the box where it ends. Between two points that differ across the picture's direction, the
    /// line bends; otherwise it is straight.
    pub points: Vec<Point>,
    /// The room of its label; `None` where it has none.
    pub label: Option<Rect>,
}

/// Where everything stands, by the positions of the graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Width of the picture in pixels, with its margins.
    pub width: f64,
    /// Height of the picture in pixels, with its margins.
    pub height: f64,
    /// The boxes, by their index in the graph.
    pub nodes: Vec<Rect>,
    /// The frames; without anything in it, one has no size.
    pub groups: Vec<Rect>,
    /// The arrows; `None` for one that leads from a box to itself.
    pub routes: Vec<Option<Route>>,
    /// How often arrows cross each other.
    pub crossings: usize,
}

/// How much room things need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sizes {
    /// Of each box, width and height.
    pub nodes: Vec<(f64, f64)>,
    /// Of the title of each frame: the width.
    pub titles: Vec<f64>,
    /// Of each arrow's label, width and height; `None` without one.
    pub labels: Vec<Option<(f64, f64)>>,
}

/// Room between a frame and what is in it.
const PADDING: f64 = 14.0;
/// Room for the frame's title.
const TITLE: f64 = 30.0;
/// Room between an arrow and its neighbour on one side of a box, at least.
pub(crate) const PORT: f64 = 10.0;

/// Lays a graph out.
pub(crate) fn layout(graph: &Graph, sizes: &Sizes) -> Layout {
    let across = graph.direction == Direction::Right;
    let tree = Tree::of(graph);
    let inner = Inner::of(graph, sizes, &tree, across);
    let mut hints: HashMap<(usize, usize), f64> = HashMap::new();
    let mut best: Option<Layout> = None;
    for _ in 0..3 {
        let blocks = inner.blocks(&hints);
        let found = inner.absolute(&blocks);
        hints = found.hints;
        let better = best
            .as_ref()
            .is_none_or(|best| found.layout.crossings <= best.crossings);
        if better {
            best = Some(found.layout);
        }
    }
    let mut layout = best.unwrap_or_default();
    if across {
        layout = turned(layout);
    }
    layout
}

fn turned(layout: Layout) -> Layout {
    let route = |route: Route| Route {
        points: route.points.into_iter().map(Point::turned).collect(),
        label: route.label.map(Rect::turned),
    };
    Layout {
        width: layout.height,
        height: layout.width,
        nodes: layout.nodes.into_iter().map(Rect::turned).collect(),
        groups: layout.groups.into_iter().map(Rect::turned).collect(),
        routes: layout
            .routes
            .into_iter()
            .map(|found| found.map(route))
            .collect(),
        crossings: layout.crossings,
    }
}

/// Everything turned so that arrows go down.
struct Inner<'t> {
    tree: &'t Tree,
    nodes: Vec<(f64, f64)>,
    labels: Vec<Option<(f64, f64)>>,
    titles: Vec<f64>,
    across: bool,
    /// How much wider than high things may be laid side by side.
    aspect: f64,
}

/// A layout, and in which order the ports of frames should stand: by arrow and frame.
struct Found {
    layout: Layout,
    hints: HashMap<(usize, usize), f64>,
}

impl<'t> Inner<'t> {
    fn of(graph: &Graph, sizes: &Sizes, tree: &'t Tree, across: bool) -> Self {
        let turn = |(width, height): (f64, f64)| match across {
            true => (height, width),
            false => (width, height),
        };
        let mut nodes: Vec<(f64, f64)> = sizes.nodes.iter().copied().map(turn).collect();
        for (node, degree) in tree.degrees.iter().enumerate() {
            let room = 2.0 * PORT + PORT * f64::from(*degree);
            nodes[node].0 = nodes[node].0.max(room);
        }
        Self {
            tree,
            nodes,
            labels: sizes.labels.iter().map(|label| label.map(turn)).collect(),
            titles: sizes.titles.clone(),
            across,
            aspect: if across { 0.55 } else { 1.8 },
        }
        .checked(graph)
    }

    /// Sizes that were forgotten are none: every index is there.
    fn checked(mut self, graph: &Graph) -> Self {
        self.nodes.resize(graph.nodes.len(), (0.0, 0.0));
        self.labels.resize(graph.edges.len(), None);
        self.titles.resize(graph.groups.len(), 0.0);
        self
    }

    /// Room around what is in a scope: before and behind it, across and along the direction.
    fn padding(&self, scope: usize) -> (Point, Point) {
        let even = Point {
            x: PADDING,
            y: PADDING,
        };
        if scope == 0 {
            return (even, even);
        }
        let title = match self.across {
            true => Point {
                x: TITLE,
                y: PADDING,
            },
            false => Point {
                x: PADDING,
                y: TITLE,
            },
        };
        (title, even)
    }

    /// Every scope laid out by itself, the innermost first.
    fn blocks(&self, hints: &HashMap<(usize, usize), f64>) -> Vec<Block> {
        let mut blocks: Vec<Block> = vec![Block::default(); self.tree.scopes.len()];
        for scope in (0..self.tree.scopes.len()).rev() {
            let laid_out = Scope {
                scope: &self.tree.scopes[scope],
                number: scope,
                nodes: &self.nodes,
                labels: &self.labels,
                inside: &blocks,
                hints,
                aspect: self.aspect,
            };
            let mut block = laid_out.block();
            let empty = self.tree.scopes[scope].items.is_empty();
            if scope > 0 && !empty {
                let (before, behind) = self.padding(scope);
                let title = self.titles[scope - 1] + 2.0 * PADDING;
                block = block.padded(before, behind);
                match self.across {
                    true => block.height = block.height.max(title),
                    false => block.width = block.width.max(title),
                }
                // What was made wider keeps its ports at its borders.
                block.stretch();
            }
            blocks[scope] = block;
        }
        blocks
    }

    /// Puts the blocks into each other.
    fn absolute(&self, blocks: &[Block]) -> Found {
        let tree = self.tree;
        let mut layout = Layout {
            nodes: vec![Rect::default(); self.nodes.len()],
            groups: vec![Rect::default(); self.titles.len()],
            routes: Vec::new(),
            ..Layout::default()
        };
        let (before, behind) = self.padding(0);
        let mut origins = vec![before; tree.scopes.len()];
        for (scope, block) in blocks.iter().enumerate() {
            layout.crossings += block.crossings;
            let origin = origins[scope];
            for (item, place) in tree.scopes[scope].items.iter().zip(&block.items) {
                let place = place.moved(origin);
                match item {
                    Item::Node(node) => layout.nodes[*node] = place,
                    Item::Group(group) => {
                        layout.groups[*group] = place;
                        origins[group + 1] = Point {
                            x: place.x,
                            y: place.y,
                        };
                    }
                }
            }
        }
        let whole = &blocks[0];
        layout.width = before.x + whole.width + behind.x;
        layout.height = before.y + whole.height + behind.y;
        let mut hints = HashMap::new();
        for (edge, ends) in tree.edges.iter().enumerate() {
            let Some(ends) = ends else {
                layout.routes.push(None);
                continue;
            };
            let mut points: Vec<Point> = Vec::new();
            // Where the way passes the border of a frame: the frame, and the position in `points`.
            let mut borders: Vec<(usize, usize, bool)> = Vec::new();
            for scope in ends.way() {
                let Some(piece) = blocks[scope].ways.get(&edge) else {
                    continue;
                };
                let moved = piece.iter().map(|point| point.moved(origins[scope]));
                if scope != ends.scope {
                    let comes_before = !points.is_empty() && ends.below.contains(&scope);
                    match comes_before {
                        true => borders.push((scope, points.len(), true)),
                        false => borders.push((scope, points.len() + piece.len() - 1, false)),
                    }
                }
                points.extend(moved);
            }
            for (scope, at, entering) in borders {
                let border = points[at].x;
                let differs = |point: &&Point| (point.x - border).abs() > 0.5;
                let beyond = match entering {
                    true => points[..at].iter().rev().find(differs),
                    false => points[at..].iter().find(differs),
                };
                hints.insert((edge, scope), beyond.map_or(border, |point| point.x));
            }
            points.dedup_by(|a, b| (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6);
            if ends.upward {
                points.reverse();
            }
            let label = blocks[ends.scope].labels.get(&edge);
            layout.routes.push(Some(Route {
                points,
                label: label.map(|place| place.moved(origins[ends.scope])),
            }));
        }
        Found { layout, hints }
    }
}
