//! Which box stands in which frame, and through which frames each arrow goes.

use super::rank;
use crate::graph::Graph;

/// What stands in a frame, or in the picture as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Node(usize),
    Group(usize),
}

/// The side of a frame or box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Top,
    Bottom,
}

/// The picture as a whole, or a frame.
#[derive(Clone, Debug, Default)]
pub(super) struct ScopeData {
    pub items: Vec<Item>,
    /// The layer of each item.
    pub ranks: Vec<usize>,
    /// Arrows between two items: arrow, upper item, lower item.
    pub inner: Vec<(usize, usize, usize)>,
    /// Arrows that leave the frame: arrow, item, side.
    pub outer: Vec<(usize, usize, Side)>,
}

/// How an arrow lies in the frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    /// The innermost scope that has both ends.
    pub scope: usize,
    /// The scopes of the upper end, the innermost first.
    pub above: Vec<usize>,
    /// The scopes of the lower end, the outermost first.
    pub below: Vec<usize>,
    /// Whether the arrow points from the lower end to the upper one.
    pub upward: bool,
}

impl Ends {
    /// The scopes through which it goes, from the upper end to the lower one.
    pub fn way(&self) -> impl Iterator<Item = usize> + '_ {
        let above = self.above.iter().copied();
        above.chain([self.scope]).chain(self.below.iter().copied())
    }
}

/// The innermost scope that has both ends of an arrow, and the frames of each end inside of it.
type Crossing = (usize, Vec<usize>, Vec<usize>);

/// All scopes: the whole picture first, then the frames in the order of the graph.
pub(super) struct Tree {
    pub scopes: Vec<ScopeData>,
    /// `None` for an arrow from a box to itself.
    pub edges: Vec<Option<Ends>>,
    /// The most arrows on one side of each box.
    pub degrees: Vec<u32>,
}

impl Tree {
    pub fn of(graph: &Graph) -> Self {
        let scope_of = |group: Option<crate::GroupId>| group.map_or(0, |group| group.0 + 1);
        let parents: Vec<usize> = std::iter::once(0)
            .chain(graph.groups.iter().map(|group| scope_of(group.parent)))
            .collect();
        let mut scopes = vec![ScopeData::default(); parents.len()];
        let mut position = vec![0; graph.nodes.len()];
        let mut group_position: Vec<Option<usize>> = vec![None; parents.len()];
        for (node, data) in graph.nodes.iter().enumerate() {
            let own = scope_of(data.group);
            position[node] = scopes[own].items.len();
            scopes[own].items.push(Item::Node(node));
            // The frames around it that were not met yet.
            let mut scope = own;
            while scope > 0 && group_position[scope].is_none() {
                let parent = parents[scope];
                group_position[scope] = Some(scopes[parent].items.len());
                scopes[parent].items.push(Item::Group(scope - 1));
                scope = parent;
            }
        }
        let chain = |node: usize| {
            let mut scope = scope_of(graph.nodes[node].group);
            let mut chain = vec![scope];
            while scope > 0 {
                scope = parents[scope];
                chain.push(scope);
            }
            chain
        };
        // Of each arrow: the frames of both ends below the common one, the innermost first.
        let mut crossing: Vec<Option<Crossing>> = Vec::new();
        let mut inner: Vec<Vec<(usize, usize, usize)>> = vec![Vec::new(); parents.len()];
        for (number, edge) in graph.edges.iter().enumerate() {
            let (from, to) = (edge.from.0, edge.to.0);
            if from == to {
                crossing.push(None);
                continue;
            }
            let (mut a, mut b) = (chain(from), chain(to));
            let mut common = 0;
            while let (Some(x), Some(y)) = (a.last(), b.last())
                && x == y
            {
                common = *x;
                a.pop();
                b.pop();
            }
            let item = |chain: &[usize], node: usize| match chain.last() {
                Some(frame) => group_position[*frame].unwrap_or(0),
                None => position[node],
            };
            inner[common].push((number, item(&a, from), item(&b, to)));
            crossing.push(Some((common, a, b)));
        }
        let labelled = |edge: usize| !graph.edges[edge].label.is_empty();
        let mut upward = vec![false; graph.edges.len()];
        for (scope, edges) in inner.into_iter().enumerate() {
            let data = &mut scopes[scope];
            data.ranks = rank::ranks(data.items.len(), &edges, labelled);
            for (number, from, to) in edges {
                let up = data.ranks[from] > data.ranks[to];
                upward[number] = up;
                let (upper, lower) = if up { (to, from) } else { (from, to) };
                data.inner.push((number, upper, lower));
            }
        }
        let mut sides = vec![(0, 0); graph.nodes.len()];
        let mut edges = Vec::new();
        for (number, found) in crossing.into_iter().enumerate() {
            let Some((scope, from, to)) = found else {
                edges.push(None);
                continue;
            };
            let edge = &graph.edges[number];
            let up = upward[number];
            let (upper, lower) = match up {
                true => (edge.to.0, edge.from.0),
                false => (edge.from.0, edge.to.0),
            };
            let (above, mut below) = if up { (to, from) } else { (from, to) };
            for (node, frames, side) in [(upper, &above, Side::Bottom), (lower, &below, Side::Top)]
            {
                let mut item = position[node];
                for frame in frames {
                    scopes[*frame].outer.push((number, item, side));
                    item = group_position[*frame].unwrap_or(0);
                }
            }
            sides[upper].1 += 1;
            sides[lower].0 += 1;
            below.reverse();
            edges.push(Some(Ends {
                scope,
                above,
                below,
                upward: up,
            }));
        }
        Self {
            scopes,
            edges,
            degrees: sides.iter().map(|(top, bottom)| *top.max(bottom)).collect(),
        }
    }
}
