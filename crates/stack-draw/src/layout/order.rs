//! In which order things stand in their layers, so that few arrows cross.

/// A piece of an arrow between two neighbouring layers: at each end a spot, and where on it, from 0 on the left to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// The arrow.
    pub way: usize,
    pub upper: (usize, f64),
    pub lower: (usize, f64),
}

pub(super) struct Layers {
    /// Spots from left to right.
    pub layers: Vec<Vec<usize>>,
    pub links: Vec<Link>,
    /// Layers whose order is given.
    fixed: Vec<bool>,
    /// By spot.
    place: Vec<usize>,
    layer_of: Vec<usize>,
    /// By spot: links up and down.
    up: Vec<Vec<usize>>,
    down: Vec<Vec<usize>>,
}

impl Layers {
    pub fn new(layers: Vec<Vec<usize>>, links: Vec<Link>, fixed: Vec<bool>) -> Self {
        let spots = layers.iter().map(Vec::len).sum();
        let mut up = vec![Vec::new(); spots];
        let mut down = vec![Vec::new(); spots];
        for (number, link) in links.iter().enumerate() {
            down[link.upper.0].push(number);
            up[link.lower.0].push(number);
        }
        let mut layer_of = vec![0; spots];
        for (layer, members) in layers.iter().enumerate() {
            members.iter().for_each(|spot| layer_of[*spot] = layer);
        }
        let mut new = Self {
            layers,
            links,
            fixed,
            place: vec![0; spots],
            layer_of,
            up,
            down,
        };
        new.renumber();
        new
    }

    fn renumber(&mut self) {
        for layer in &self.layers {
            for (place, spot) in layer.iter().enumerate() {
                self.place[*spot] = place;
            }
        }
    }

    /// The place of a spot in its layer.
    pub fn place(&self, spot: usize) -> usize {
        self.place[spot]
    }

    /// How far to the right an end of a link is.
    pub fn position(&self, (spot, fraction): (usize, f64)) -> f64 {
        // A layer has fewer spots than a float has exact integers.
        #[allow(clippy::cast_precision_loss)]
        let place = self.place[spot] as f64;
        place + fraction
    }

    /// How many pairs of links cross.
    pub fn crossings(&self) -> usize {
        (0..self.layers.len().saturating_sub(1))
            .map(|layer| self.crossings_below(layer))
            .sum()
    }

    fn crossings_below(&self, layer: usize) -> usize {
        let links = self.layers[layer].iter().flat_map(|spot| &self.down[*spot]);
        let mut ends: Vec<(f64, f64)> = links
            .map(|link| {
                let link = self.links[*link];
                (self.position(link.upper), self.position(link.lower))
            })
            .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut lower: Vec<f64> = ends.into_iter().map(|(_, lower)| lower).collect();
        inversions(&mut lower)
    }

    /// Looks for an order with few crossings.
    pub fn improve(&mut self) {
        self.walk();
        let mut best = self.crossings();
        let mut kept = self.layers.clone();
        let mut since = 0;
        for round in 0..24 {
            if best == 0 || since >= 8 {
                break;
            }
            self.sweep(round % 2 == 0, round % 4 >= 2);
            self.exchange();
            let found = self.crossings();
            if found < best {
                best = found;
                kept.clone_from(&self.layers);
                since = 0;
            } else {
                since += 1;
            }
        }
        self.layers = kept;
        self.renumber();
    }

    /// A first order: along the arrows, from each start in turn, so that what belongs together stands together.
    fn walk(&mut self) {
        let mut seen = vec![false; self.place.len()];
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); self.layers.len()];
        let starts: Vec<usize> = self.layers.iter().flatten().copied().collect();
        for start in starts {
            let mut stack = vec![start];
            while let Some(spot) = stack.pop() {
                if std::mem::replace(&mut seen[spot], true) {
                    continue;
                }
                rows[self.layer_of[spot]].push(spot);
                let below = self.down[spot].iter().rev();
                stack.extend(below.map(|link| self.links[*link].lower.0));
            }
        }
        for (layer, row) in rows.into_iter().enumerate() {
            if !self.fixed[layer] {
                self.layers[layer] = row;
            }
        }
        self.renumber();
    }

    /// Puts each spot to the middle of those that it is connected with in the layer before.
    fn sweep(&mut self, downwards: bool, ties_turned: bool) {
        let count = self.layers.len();
        for step in 1..count {
            let layer = if downwards { step } else { count - 1 - step };
            if self.fixed[layer] {
                continue;
            }
            let middle = |spot: &usize| {
                let links = if downwards {
                    &self.up[*spot]
                } else {
                    &self.down[*spot]
                };
                let far = |link: &usize| {
                    let link = self.links[*link];
                    self.position(if downwards { link.upper } else { link.lower })
                };
                #[allow(clippy::cast_precision_loss)]
                match links.len() {
                    0 => self.position((*spot, 0.5)),
                    count => links.iter().map(far).sum::<f64>() / count as f64,
                }
            };
            let mut keyed: Vec<(f64, usize)> = self.layers[layer]
                .iter()
                .map(|spot| (middle(spot), *spot))
                .collect();
            if ties_turned {
                keyed.reverse();
            }
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (place, (_, spot)) in keyed.iter().enumerate() {
                self.layers[layer][place] = *spot;
                self.place[*spot] = place;
            }
        }
    }

    /// Exchanges neighbours where that takes crossings away.
    fn exchange(&mut self) {
        for _ in 0..3 {
            let mut changed = false;
            for layer in 0..self.layers.len() {
                if self.fixed[layer] {
                    continue;
                }
                for place in 1..self.layers[layer].len() {
                    let (left, right) = (self.layers[layer][place - 1], self.layers[layer][place]);
                    if self.between(right, left) < self.between(left, right) {
                        self.layers[layer].swap(place - 1, place);
                        self.place.swap(left, right);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// How many links of two neighbours cross, if the first stands left.
    fn between(&self, left: usize, right: usize) -> usize {
        let ends = |links: &[usize], down: bool| {
            let mut ends: Vec<f64> = links
                .iter()
                .map(|link| {
                    let link = self.links[*link];
                    self.position(if down { link.lower } else { link.upper })
                })
                .collect();
            ends.sort_by(f64::total_cmp);
            ends
        };
        let mut count = 0;
        for (of, down) in [(&self.up, false), (&self.down, true)] {
            let (left, right) = (ends(&of[left], down), ends(&of[right], down));
            let mut smaller = 0;
            for end in &left {
                while smaller < right.len() && right[smaller] < *end {
                    smaller += 1;
                }
                count += smaller;
            }
        }
        count
    }
}

/// How many pairs stand in the wrong order; sorts on the way.
fn inversions(values: &mut [f64]) -> usize {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let from_right = j < right.len() && (i == left.len() || right[j] < left[i]);
        if from_right {
            count += left.len() - i;
            merged.push(right[j]);
            j += 1;
        } else {
            merged.push(left[i]);
            i += 1;
        }
    }
    values.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(way: usize, upper: usize, lower: usize) -> Link {
        Link {
            way,
            upper: (upper, 0.5),
            lower: (lower, 0.5),
        }
    }

    #[test]
    fn crossings_are_counted() {
        let layers = vec![vec![0, 1, 2], vec![3, 4, 5]];
        let links = vec![link(0, 0, 5), link(1, 1, 4), link(2, 2, 3)];
        assert_eq!(Layers::new(layers, links, vec![false; 2]).crossings(), 3);
    }

    #[test]
    fn what_can_be_untangled_is() {
        let layers = vec![vec![0, 1, 2], vec![3, 4, 5]];
        let links = vec![link(0, 0, 5), link(1, 1, 4), link(2, 2, 3)];
        let mut layers = Layers::new(layers, links, vec![false; 2]);
        layers.improve();
        assert_eq!(layers.crossings(), 0);
    }

    #[test]
    fn a_given_order_stays() {
        let layers = vec![vec![0, 1], vec![2, 3]];
        let links = vec![link(0, 0, 3), link(1, 1, 2)];
        let mut layers = Layers::new(layers, links, vec![false, true]);
        layers.improve();
        assert_eq!(layers.layers, [vec![1, 0], vec![2, 3]]);
    }
}
