//! Layers, their order, and where everything stands in them.

use std::collections::HashMap;

use super::order::{Layers, Link};
use super::settle::settle;
use super::tree::Side;
use super::{PORT, Point, Rect};

/// Room between two boxes of a layer.
const BETWEEN: f64 = 26.0;
/// Room between two arrows that pass a layer side by side.
const LANE: f64 = 14.0;
/// Room between two layers, at least and at most: more where arrows go far to the side.
const LAYER: (f64, f64) = (26.0, 84.0);

/// A box, or a frame that is laid out.
pub(super) struct Thing<'a> {
    pub size: (f64, f64),
    pub rank: usize,
    /// Where arrows pass the border of a frame; a box has them where they fit best.
    pub ports: Option<&'a HashMap<usize, (f64, Side)>>,
}

/// An arrow from an upper thing to a lower one; without one of them it leads out of the frame.
pub(super) struct Way {
    pub edge: usize,
    pub upper: Option<usize>,
    pub lower: Option<usize>,
    pub label: Option<(f64, f64)>,
    /// Where it goes outside of the frame: ports stand in this order.
    pub hint: Option<f64>,
}

/// Everything in its place.
#[derive(Default)]
pub(super) struct Arrangement {
    pub width: f64,
    pub height: f64,
    pub things: Vec<Rect>,
    pub ways: Vec<(usize, Vec<Point>)>,
    pub labels: Vec<(usize, Rect)>,
    pub ports: Vec<(usize, (f64, Side))>,
    pub crossings: usize,
}

/// What stands in a layer: a thing, an arrow that passes, a label, a port.
#[derive(Clone, Copy)]
struct Spot {
    layer: usize,
    width: f64,
    height: f64,
    /// Whether arrows pass here only.
    passing: bool,
}

pub(super) fn arrange(things: Vec<Thing<'_>>, ways: &[Way]) -> Arrangement {
    if let ([thing], true) = (things.as_slice(), ways.is_empty()) {
        let (width, height) = thing.size;
        let place = Rect {
            width,
            height,
            ..Rect::default()
        };
        return Arrangement {
            width,
            height,
            things: vec![place],
            ..Arrangement::default()
        };
    }
    let top = usize::from(ways.iter().any(|way| way.upper.is_none()));
    let last = things.iter().map(|thing| thing.rank).max().unwrap_or(0) + top;
    let bottom = usize::from(ways.iter().any(|way| way.lower.is_none()));
    let count = last + 1 + bottom;
    let mut spots: Vec<Spot> = things
        .iter()
        .map(|thing| Spot {
            layer: thing.rank + top,
            width: thing.size.0,
            height: thing.size.1,
            passing: false,
        })
        .collect();
    let mut hints: HashMap<usize, f64> = HashMap::new();
    let chains: Vec<Vec<usize>> = ways
        .iter()
        .map(|way| chain(way, &things, (top, count), &mut spots, &mut hints))
        .collect();

    let mut links = Vec::new();
    for (number, chain) in chains.iter().enumerate() {
        for (upper, lower) in chain.iter().zip(chain.iter().skip(1)) {
            let at = |spot: usize| fraction(&things, spot, ways[number].edge);
            links.push(Link {
                way: number,
                upper: (*upper, at(*upper)),
                lower: (*lower, at(*lower)),
            });
        }
    }
    let mut layers = vec![Vec::new(); count];
    for (spot, data) in spots.iter().enumerate() {
        layers[data.layer].push(spot);
    }
    let mut fixed = vec![false; count];
    if !hints.is_empty() {
        let mut fix = |layer: usize| {
            let at = |spot: &usize| hints.get(spot).copied().unwrap_or(0.0);
            layers[layer].sort_by(|a, b| at(a).total_cmp(&at(b)));
            fixed[layer] = true;
        };
        if top == 1 {
            fix(0);
        }
        if bottom == 1 {
            fix(count - 1);
        }
    }
    let mut ordered = Layers::new(layers, links, fixed);
    ordered.improve();

    let attached = attached(&things, ways, &ordered);
    let xs = across(&spots, &chains, &ordered, &attached);
    place(&things, ways, &chains, &spots, &ordered, &attached, &xs)
}

/// The spots of an arrow from the upper end to the lower one; passes and labels are added to the spots.
fn chain(
    way: &Way,
    things: &[Thing<'_>],
    (top, count): (usize, usize),
    spots: &mut Vec<Spot>,
    hints: &mut HashMap<usize, f64>,
) -> Vec<usize> {
    let mut chain = Vec::new();
    let pass = |layer: usize, size: (f64, f64), spots: &mut Vec<Spot>| {
        spots.push(Spot {
            layer,
            width: size.0,
            height: size.1,
            passing: true,
        });
        spots.len() - 1
    };
    let first = match way.upper {
        Some(thing) => {
            chain.push(thing);
            things[thing].rank + top
        }
        None => {
            let port = pass(0, (0.0, 0.0), spots);
            hints.extend(way.hint.map(|hint| (port, hint)));
            chain.push(port);
            0
        }
    };
    let last = match way.lower {
        Some(thing) => things[thing].rank + top,
        None => count - 1,
    };
    // In the middle, or just above it.
    let middle = first + (last - first) / 2;
    for layer in first + 1..last {
        let size = way.label.filter(|_| layer == middle).unwrap_or((0.0, 0.0));
        chain.push(pass(layer, size, spots));
    }
    chain.push(match way.lower {
        Some(thing) => thing,
        None => {
            let port = pass(last, (0.0, 0.0), spots);
            hints.extend(way.hint.map(|hint| (port, hint)));
            port
        }
    });
    chain
}

/// Where on a spot an arrow ends, from 0 at its left side to 1 at its right one.
fn fraction(things: &[Thing<'_>], spot: usize, edge: usize) -> f64 {
    let Some(thing) = things.get(spot) else {
        return 0.5;
    };
    let port = thing.ports.and_then(|ports| ports.get(&edge));
    port.map_or(0.5, |(x, _)| x / thing.size.0.max(1.0))
}

/// By link: how far from the middle of its two spots it ends.
fn attached(things: &[Thing<'_>], ways: &[Way], ordered: &Layers) -> Vec<(f64, f64)> {
    let mut attached = vec![(0.0, 0.0); ordered.links.len()];
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut above: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, link) in ordered.links.iter().enumerate() {
        below.entry(link.upper.0).or_default().push(number);
        above.entry(link.lower.0).or_default().push(number);
    }
    for (spot, thing) in things.iter().enumerate() {
        let width = thing.size.0;
        let sides = [(below.get(&spot), true), (above.get(&spot), false)];
        for (links, down) in sides {
            let Some(links) = links else { continue };
            let far = |link: &usize| {
                let link = &ordered.links[*link];
                ordered.position(if down { link.lower } else { link.upper })
            };
            let mut links = links.clone();
            links.sort_by(|a, b| far(a).total_cmp(&far(b)).then(a.cmp(b)));
            let room = width - 2.0 * PORT;
            #[allow(clippy::cast_precision_loss)]
            let between = (room / (links.len().max(2) - 1) as f64).clamp(0.0, 26.0);
            for (index, link) in links.iter().enumerate() {
                #[allow(clippy::cast_precision_loss)]
                let even = (index as f64 - (links.len() - 1) as f64 / 2.0) * between;
                let edge = ways[ordered.links[*link].way].edge;
                let port = thing.ports.and_then(|ports| ports.get(&edge));
                let offset = port.map_or(even, |(x, _)| x - width / 2.0);
                match down {
                    true => attached[*link].0 = offset,
                    false => attached[*link].1 = offset,
                }
            }
        }
    }
    attached
}

/// Puts the passes of each arrow above each other, as far as their neighbours leave room.
fn straighten(
    chains: &[Vec<usize>],
    spots: &[Spot],
    ordered: &Layers,
    gaps: &[Vec<f64>],
    xs: &mut [f64],
) {
    for chain in chains {
        for run in chain.chunk_by(|a, b| spots[*a].passing == spots[*b].passing) {
            if run.len() < 2 || !spots[run[0]].passing {
                continue;
            }
            let (mut least, mut most, mut sum) = (f64::NEG_INFINITY, f64::INFINITY, 0.0);
            for spot in run {
                let layer = spots[*spot].layer;
                let (row, gaps) = (&ordered.layers[layer], &gaps[layer]);
                let place = ordered.place(*spot);
                if place > 0 {
                    least = least.max(xs[row[place - 1]] + gaps[place - 1]);
                }
                if place + 1 < row.len() {
                    most = most.min(xs[row[place + 1]] - gaps[place]);
                }
                sum += xs[*spot];
            }
            if least <= most {
                #[allow(clippy::cast_precision_loss)]
                let x = (sum / run.len() as f64).clamp(least, most);
                run.iter().for_each(|spot| xs[*spot] = x);
            }
        }
    }
}

/// The middle of each spot, from left to right.
fn across(
    spots: &[Spot],
    chains: &[Vec<usize>],
    ordered: &Layers,
    attached: &[(f64, f64)],
) -> Vec<f64> {
    let mut xs = vec![0.0; spots.len()];
    let gap = |a: usize, b: usize| {
        let (a, b) = (spots[a], spots[b]);
        let between = match (a.passing && a.width == 0.0, b.passing && b.width == 0.0) {
            (true, true) => LANE,
            (false, false) => BETWEEN,
            _ => (LANE + BETWEEN) / 2.0,
        };
        f64::midpoint(a.width, b.width) + between
    };
    let gaps: Vec<Vec<f64>> = ordered
        .layers
        .iter()
        .map(|layer| {
            let pairs = layer.iter().zip(layer.iter().skip(1));
            pairs.map(|(a, b)| gap(*a, *b)).collect()
        })
        .collect();
    for (layer, gaps) in ordered.layers.iter().zip(&gaps) {
        let whole: f64 = gaps.iter().sum();
        let mut x = -whole / 2.0;
        for (index, spot) in layer.iter().enumerate() {
            xs[*spot] = x;
            x += gaps.get(index).copied().unwrap_or(0.0);
        }
    }
    // By spot: other end, weight, and how much further right it is drawn.
    let mut up: Vec<Vec<(usize, f64, f64)>> = vec![Vec::new(); spots.len()];
    let mut down: Vec<Vec<(usize, f64, f64)>> = vec![Vec::new(); spots.len()];
    for (link, (at_upper, at_lower)) in ordered.links.iter().zip(attached) {
        let (upper, lower) = (link.upper.0, link.lower.0);
        // Arrows that pass layers are to be straight.
        let weight = match (spots[upper].passing, spots[lower].passing) {
            (true, true) => 8.0,
            (false, false) => 1.0,
            _ => 2.0,
        };
        down[upper].push((lower, weight, at_lower - at_upper));
        up[lower].push((upper, weight, at_upper - at_lower));
    }
    let count = ordered.layers.len();
    for round in 0..20 {
        let both = round >= 8;
        let downwards = round % 2 == 0;
        for step in 0..count {
            let layer = if downwards { step } else { count - 1 - step };
            let (mut wanted, mut weights) = (Vec::new(), Vec::new());
            for spot in &ordered.layers[layer] {
                let above = up[*spot].iter().filter(|_| both || downwards);
                let below = down[*spot].iter().filter(|_| both || !downwards);
                let (mut sum, mut weight) = (0.0, 0.0);
                for (other, heavy, further) in above.chain(below) {
                    sum += heavy * (xs[*other] + further);
                    weight += heavy;
                }
                match weight > 0.0 {
                    true => wanted.push(sum / weight),
                    false => wanted.push(xs[*spot]),
                }
                weights.push(f64::max(weight, 0.05));
            }
            let settled = settle(&wanted, &weights, &gaps[layer]);
            for (spot, x) in ordered.layers[layer].iter().zip(settled) {
                xs[*spot] = x;
            }
        }
    }
    for _ in 0..3 {
        straighten(chains, spots, ordered, &gaps, &mut xs);
    }
    let left = xs
        .iter()
        .zip(spots)
        .map(|(x, spot)| x - spot.width / 2.0)
        .fold(f64::INFINITY, f64::min);
    // Whole pixels are drawn sharply, and read well in a difference.
    xs.iter().map(|x| x - left).collect()
}

fn place(
    things: &[Thing<'_>],
    ways: &[Way],
    chains: &[Vec<usize>],
    spots: &[Spot],
    ordered: &Layers,
    attached: &[(f64, f64)],
    xs: &[f64],
) -> Arrangement {
    let count = ordered.layers.len();
    let mut heights = vec![0.0_f64; count];
    for spot in spots {
        heights[spot.layer] = heights[spot.layer].max(spot.height);
    }
    let mut sideways = vec![0.0_f64; count];
    for (link, (at_upper, at_lower)) in ordered.links.iter().zip(attached) {
        let far = (xs[link.upper.0] + at_upper - xs[link.lower.0] - at_lower).abs();
        let layer = spots[link.upper.0].layer;
        sideways[layer] = sideways[layer].max(far);
    }
    let mut tops = Vec::with_capacity(count);
    let mut y = 0.0;
    for layer in 0..count {
        tops.push(y);
        y += heights[layer];
        if layer + 1 < count {
            y += (LAYER.0 + sideways[layer] * 0.10)
                .clamp(LAYER.0, LAYER.1)
                .round();
        }
    }
    let mut found = Arrangement {
        height: y,
        crossings: ordered.crossings(),
        ..Arrangement::default()
    };
    let rect = |spot: usize| {
        let data = spots[spot];
        Rect {
            x: xs[spot] - data.width / 2.0,
            y: tops[data.layer] + (heights[data.layer] - data.height) / 2.0,
            width: data.width,
            height: data.height,
        }
    };
    found.things = (0..things.len()).map(rect).collect();
    found.width = (0..spots.len())
        .map(|spot| rect(spot).x + rect(spot).width)
        .fold(0.0, f64::max);
    let mut links = ordered.links.iter().zip(attached);
    for (way, chain) in ways.iter().zip(chains) {
        let mut points = Vec::new();
        for (upper, lower) in chain.iter().zip(chain.iter().skip(1)) {
            let (at_upper, at_lower) = links.next().map_or((0.0, 0.0), |(_, at)| *at);
            let (from, to) = (xs[*upper] + at_upper, xs[*lower] + at_lower);
            let (above, below) = (spots[*upper].layer, spots[*lower].layer);
            let upper = rect(*upper);
            let lower = rect(*lower);
            points.push(Point {
                x: from,
                y: upper.y + upper.height,
            });
            points.push(Point {
                x: from,
                y: tops[above] + heights[above],
            });
            points.push(Point {
                x: to,
                y: tops[below],
            });
            points.push(Point { x: to, y: lower.y });
        }
        let (first, last) = (chain.first(), chain.last());
        if let (None, Some(port)) = (way.upper, first) {
            found.ports.push((way.edge, (xs[*port], Side::Top)));
        }
        if let (None, Some(port)) = (way.lower, last) {
            found.ports.push((way.edge, (xs[*port], Side::Bottom)));
        }
        let label = chain
            .iter()
            .find(|spot| way.label.is_some() && spots[**spot].passing && spots[**spot].width > 0.0);
        found
            .labels
            .extend(label.map(|spot| (way.edge, rect(*spot))));
        found.ways.push((way.edge, points));
    }
    found
}
