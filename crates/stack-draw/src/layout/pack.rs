//! One scope: what is connected is laid out in layers, and the pieces are put side by side.

use std::collections::HashMap;

use super::arrange::{self, Arrangement, Thing, Way};
use super::tree::{Item, ScopeData, Side};
use super::{Point, Rect};

/// Room between pieces that have nothing to do with each other.
const GAP: f64 = 18.0;

/// A scope laid out by itself, its corner at zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub width: f64,
    pub height: f64,
    /// By the position of the item.
    pub items: Vec<Rect>,
    /// By arrow: the points of its way here, from the upper end to the lower one.
    pub ways: HashMap<usize, Vec<Point>>,
    /// By arrow.
    pub labels: HashMap<usize, Rect>,
    /// By arrow: where it passes the border.
    pub ports: HashMap<usize, (f64, Side)>,
    pub crossings: usize,
}

impl Block {
    /// With room around.
    pub fn padded(mut self, before: Point, behind: Point) -> Self {
        self.width += before.x + behind.x;
        self.height += before.y + behind.y;
        for place in self.items.iter_mut().chain(self.labels.values_mut()) {
            *place = place.moved(before);
        }
        for way in self.ways.values_mut() {
            for point in way.iter_mut() {
                *point = point.moved(before);
            }
        }
        for (x, _) in self.ports.values_mut() {
            *x += before.x;
        }
        self
    }

    /// Lets arrows that leave reach the border.
    pub fn stretch(&mut self) {
        let height = self.height;
        for (edge, (x, side)) in &self.ports {
            let Some(way) = self.ways.get_mut(edge) else {
                continue;
            };
            match side {
                Side::Top => way.insert(0, Point { x: *x, y: 0.0 }),
                Side::Bottom => way.push(Point { x: *x, y: height }),
            }
        }
    }
}

/// What is needed to lay a scope out.
pub(super) struct Scope<'a> {
    pub scope: &'a ScopeData,
    pub number: usize,
    pub nodes: &'a [(f64, f64)],
    pub labels: &'a [Option<(f64, f64)>],
    /// The scopes inside, which are laid out.
    pub inside: &'a [Block],
    pub hints: &'a HashMap<(usize, usize), f64>,
    pub aspect: f64,
}

impl Scope<'_> {
    pub fn block(&self) -> Block {
        let count = self.scope.items.len();
        let pieces = self.pieces();
        let mut block = Block {
            items: vec![Rect::default(); count],
            ..Block::default()
        };
        // Arrows that leave need the borders, so what they belong to stands together at the side.
        let mut leaves = vec![false; count];
        for (_, item, _) in &self.scope.outer {
            leaves[pieces.of[*item]] = true;
        }
        let main: Vec<usize> = (0..count).filter(|item| leaves[pieces.of[*item]]).collect();
        let mut corner = 0.0;
        let has_main = !main.is_empty();
        if has_main {
            let arrangement = self.arrange(&main);
            corner = arrangement.width + GAP;
            block.height = arrangement.height;
            block.take(arrangement, &main, Point::default());
        }
        let others: Vec<(Arrangement, &Vec<usize>)> = pieces
            .members
            .iter()
            .enumerate()
            .filter(|(piece, _)| !leaves[*piece])
            .map(|(_, members)| (self.arrange(members), members))
            .collect();
        if others.is_empty() {
            block.width = (corner - GAP).max(0.0);
            return block;
        }
        let area: f64 = others
            .iter()
            .map(|(piece, _)| (piece.width + GAP) * (piece.height + GAP))
            .sum();
        let widest = others
            .iter()
            .map(|(piece, _)| piece.width)
            .fold(0.0, f64::max);
        let wide = match has_main {
            // As high as what stands beside it, if that can be.
            true => (area / block.height.max(1.0))
                .min((area * self.aspect).sqrt())
                .max(widest),
            false => (area * self.aspect).sqrt().max(widest),
        };
        let (mut x, mut y, mut row) = (0.0, 0.0, 0.0);
        let (mut far, mut deep): (f64, f64) = (0.0, 0.0);
        for (piece, members) in others {
            if x > 0.0 && x + piece.width > wide + 0.5 {
                x = 0.0;
                y += row + GAP;
                row = 0.0;
            }
            let at = Point { x: corner + x, y };
            x += piece.width + GAP;
            far = far.max(x - GAP);
            row = f64::max(row, piece.height);
            deep = deep.max(y + piece.height);
            block.take(piece, members, at);
        }
        block.width = corner + far;
        block.height = block.height.max(deep);
        block
    }

    /// What is connected inside the scope.
    fn pieces(&self) -> Pieces {
        let count = self.scope.items.len();
        let mut root: Vec<usize> = (0..count).collect();
        fn find(root: &mut [usize], mut item: usize) -> usize {
            while root[item] != item {
                root[item] = root[root[item]];
                item = root[item];
            }
            item
        }
        for (_, a, b) in &self.scope.inner {
            let (a, b) = (find(&mut root, *a), find(&mut root, *b));
            root[a.max(b)] = a.min(b);
        }
        let mut number: HashMap<usize, usize> = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut of = Vec::with_capacity(count);
        for item in 0..count {
            let root = find(&mut root, item);
            let piece = *number.entry(root).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[piece].push(item);
            of.push(piece);
        }
        Pieces { members, of }
    }

    fn arrange(&self, members: &[usize]) -> Arrangement {
        let position: HashMap<usize, usize> = members
            .iter()
            .enumerate()
            .map(|(position, item)| (*item, position))
            .collect();
        let first = members.iter().map(|item| self.scope.ranks[*item]).min();
        let things = members
            .iter()
            .map(|item| {
                let rank = self.scope.ranks[*item] - first.unwrap_or(0);
                match self.scope.items[*item] {
                    Item::Node(node) => Thing {
                        size: self.nodes[node],
                        rank,
                        ports: None,
                    },
                    Item::Group(group) => {
                        let inside = &self.inside[group + 1];
                        Thing {
                            size: (inside.width, inside.height),
                            rank,
                            ports: Some(&inside.ports),
                        }
                    }
                }
            })
            .collect();
        let mut ways: Vec<Way> = Vec::new();
        for (edge, upper, lower) in &self.scope.inner {
            if let (Some(upper), Some(lower)) = (position.get(upper), position.get(lower)) {
                ways.push(Way {
                    edge: *edge,
                    upper: Some(*upper),
                    lower: Some(*lower),
                    label: self.labels[*edge],
                    hint: None,
                });
            }
        }
        for (edge, item, side) in &self.scope.outer {
            let Some(item) = position.get(item).copied() else {
                continue;
            };
            let (upper, lower) = match side {
                Side::Bottom => (Some(item), None),
                Side::Top => (None, Some(item)),
            };
            ways.push(Way {
                edge: *edge,
                upper,
                lower,
                label: None,
                hint: self.hints.get(&(*edge, self.number)).copied(),
            });
        }
        arrange::arrange(things, &ways)
    }
}

/// What is connected: the items of each piece, and the piece of each item.
struct Pieces {
    members: Vec<Vec<usize>>,
    of: Vec<usize>,
}

impl Block {
    fn take(&mut self, piece: Arrangement, members: &[usize], at: Point) {
        self.crossings += piece.crossings;
        for (item, place) in members.iter().zip(piece.things) {
            self.items[*item] = place.moved(at);
        }
        for (edge, way) in piece.ways {
            let moved = way.into_iter().map(|point| point.moved(at)).collect();
            self.ways.insert(edge, moved);
        }
        for (edge, place) in piece.labels {
            self.labels.insert(edge, place.moved(at));
        }
        for (edge, (x, side)) in piece.ports {
            self.ports.insert(edge, (x + at.x, side));
        }
    }
}
