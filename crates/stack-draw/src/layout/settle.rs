//! Positions in a row that are as near as can be to where everything wants to be.

/// The positions that differ least, by the weighted squares, from the wanted ones, where each stands at least `gaps[i]` behind
/// position `i`. Exact, in one pass.
pub(super) fn settle(wanted: &[f64], weights: &[f64], gaps: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wanted.len());
    // Groups of neighbours that stand as close as they may: where they want to be together, their weight, how many they are.
    let mut groups: Vec<(f64, f64, usize)> = Vec::new();
    for (index, (want, weight)) in wanted.iter().zip(weights).enumerate() {
        if index > 0 {
            offset += gaps[index - 1];
        }
        offsets.push(offset);
        let mut group = (want - offset, *weight, 1);
        while let Some((mean, sum, count)) = groups.pop() {
            if mean <= group.0 {
                groups.push((mean, sum, count));
                break;
            }
            let weight = sum + group.1;
            group = (
                (mean * sum + group.0 * group.1) / weight,
                weight,
                count + group.2,
            );
        }
        groups.push(group);
    }
    let means = groups
        .into_iter()
        .flat_map(|(mean, _, count)| std::iter::repeat_n(mean, count));
    means
        .zip(offsets)
        .map(|(mean, offset)| mean + offset)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_the_same_place_shares_it() {
        assert_eq!(settle(&[5.0, 5.0], &[1.0, 1.0], &[4.0]), [3.0, 7.0]);
        assert_eq!(settle(&[0.0, 10.0], &[1.0, 1.0], &[4.0]), [0.0, 10.0]);
    }

    #[test]
    fn the_heavier_moves_less() {
        let found = settle(&[5.0, 5.0], &[3.0, 1.0], &[4.0]);
        assert_eq!(found, [4.0, 8.0]);
    }
}
