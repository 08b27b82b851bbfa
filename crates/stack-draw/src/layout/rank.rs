//! In which layer each box stands.

/// The layer of each item: arrows go to a lower one, those with a label two layers down, so that the label has a layer of its own.
/// Arrows that close a circle go up.
pub(super) fn ranks(
    items: usize,
    edges: &[(usize, usize, usize)],
    labelled: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let edges: Vec<(usize, usize, usize)> = edges
        .iter()
        .map(|(number, from, to)| (*from, *to, if labelled(*number) { 2 } else { 1 }))
        .collect();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); items];
    for (number, (from, _, _)) in edges.iter().enumerate() {
        out[*from].push(number);
    }
    let backward = backward(&out, &edges);
    let mut down: Vec<Vec<(usize, usize)>> = vec![Vec::new(); items];
    let mut up: Vec<Vec<(usize, usize)>> = vec![Vec::new(); items];
    for (number, (from, to, length)) in edges.iter().enumerate() {
        let (upper, lower) = match backward[number] {
            true => (*to, *from),
            false => (*from, *to),
        };
        down[upper].push((lower, *length));
        up[lower].push((upper, *length));
    }
    let order = topological(&down, &up);
    let mut ranks = vec![0; items];
    for item in &order {
        for (lower, length) in &down[*item] {
            ranks[*lower] = ranks[*lower].max(ranks[*item] + length);
        }
    }
    // Whoever has more arrows below than above goes down to them: arrows become short.
    for _ in 0..3 {
        for item in order.iter().rev() {
            let lowest = down[*item]
                .iter()
                .map(|(lower, length)| ranks[*lower] - length);
            if let Some(lowest) = lowest.min()
                && down[*item].len() > up[*item].len()
            {
                ranks[*item] = lowest;
            }
        }
        for item in &order {
            let highest = up[*item]
                .iter()
                .map(|(upper, length)| ranks[*upper] + length);
            if let Some(highest) = highest.max()
                && up[*item].len() > down[*item].len()
            {
                ranks[*item] = highest;
            }
        }
    }
    let first = ranks.iter().min().copied().unwrap_or(0);
    ranks.iter().map(|rank| rank - first).collect()
}

/// Arrows that lead back to where a walk along the arrows came from.
fn backward(out: &[Vec<usize>], edges: &[(usize, usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut backward = vec![false; edges.len()];
    let mut states = vec![State::New; out.len()];
    // A walk from where nothing leads to finds circles where people would see them begin.
    let mut entered = vec![false; out.len()];
    for (from, to, _) in edges {
        if from != to {
            entered[*to] = true;
        }
    }
    let starts = (0..out.len()).filter(|item| !entered[*item]);
    let all: Vec<usize> = starts.chain(0..out.len()).collect();
    for start in all {
        if states[start] != State::New {
            continue;
        }
        states[start] = State::Open;
        let mut stack = vec![(start, 0)];
        while let Some((item, next)) = stack.last_mut() {
            let Some(edge) = out[*item].get(*next) else {
                states[*item] = State::Done;
                stack.pop();
                continue;
            };
            *next += 1;
            let to = edges[*edge].1;
            match states[to] {
                State::New => {
                    states[to] = State::Open;
                    stack.push((to, 0));
                }
                State::Open => backward[*edge] = true,
                State::Done => {}
            }
        }
    }
    backward
}

/// The items in an order in which arrows lead forward.
fn topological(down: &[Vec<(usize, usize)>], up: &[Vec<(usize, usize)>]) -> Vec<usize> {
    let mut waiting: Vec<usize> = up.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..down.len()).filter(|item| waiting[*item] == 0).collect();
    let mut next = 0;
    while let Some(item) = order.get(next).copied() {
        next += 1;
        for (lower, _) in &down[item] {
            waiting[*lower] -= 1;
            if waiting[*lower] == 0 {
                order.push(*lower);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_down_and_those_of_a_circle_go_up() {
        let edges = [(0, 0, 1), (1, 1, 2), (2, 2, 0), (3, 0, 2)];
        assert_eq!(ranks(3, &edges, |_| false), [0, 1, 2]);
    }

    #[test]
    fn a_labelled_arrow_has_a_layer_for_its_label() {
        assert_eq!(
            ranks(3, &[(0, 0, 1), (1, 1, 2)], |edge| edge == 0),
            [0, 2, 3]
        );
    }

    #[test]
    fn a_source_stands_just_above_what_it_leads_to() {
        let edges = [(0, 0, 1), (1, 1, 2), (2, 3, 2)];
        assert_eq!(ranks(4, &edges, |_| false), [0, 1, 2, 1]);
    }
}
