//! Matrices and differences, compared as sets of addresses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Tally;

/// Pairs of peers with what is said of each; addresses as ranges of numbers.
pub type Pairs = BTreeMap<(String, String), Vec<(u32, u32, String)>>;

/// Reads lines with `src`, `dst` and some members. A pair without addresses has one range.
pub fn pairs(lines: &Value, members: &[&str]) -> Pairs {
    let mut pairs = Pairs::new();
    for line in lines.as_array().unwrap() {
        let said = members
            .iter()
            .map(|member| line[*member].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" | ");
        let (from, to) = (line["src"].as_str().unwrap(), line["dst"].as_str().unwrap());
        let (sources, targets) = (ranges(from), ranges(to));
        let key = |text: &str, ranges: &Option<Vec<(u32, u32)>>| {
            if ranges.is_some() {
                "*".to_owned()
            } else {
                text.to_owned()
            }
        };
        let entry = pairs
            .entry((key(from, &sources), key(to, &targets)))
            .or_default();
        let covered = sources.or(targets).unwrap_or_else(|| vec![(0, 0)]);
        entry.extend(
            covered
                .into_iter()
                .map(|(first, last)| (first, last, said.clone())),
        );
    }
    pairs
}

/// `None` for a peer that is no list of ranges.
fn ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    let range = |part: &str| {
        let (first, last) = part.trim().split_once('-')?;
        let number = |text: &str| text.parse::<std::net::Ipv4Addr>().ok().map(u32::from);
        Some((number(first)?, number(last)?))
    };
    text.split(',').map(range).collect()
}

/// Compares on the common refinement of both sides: each piece of each pair counts once.
pub fn compare(case: &str, wanted: &Pairs, found: &Pairs, tally: &mut Tally) {
    let keys: BTreeSet<_> = wanted.keys().chain(found.keys()).collect();
    let none = Vec::new();
    for key in keys {
        let (left, right) = (
            wanted.get(key).unwrap_or(&none),
            found.get(key).unwrap_or(&none),
        );
        let mut cuts = BTreeSet::new();
        for (first, last, _) in left.iter().chain(right) {
            cuts.insert(*first);
            cuts.extend(last.checked_add(1));
        }
        let at = |side: &[(u32, u32, String)], point: u32| {
            side.iter()
                .find(|(first, last, _)| *first <= point && point <= *last)
                .map(|(_, _, said)| said.clone())
        };
        for point in cuts {
            let (wanted, found) = (at(left, point), at(right, point));
            if wanted.is_some() || found.is_some() {
                let place = std::net::Ipv4Addr::from(point);
                tally.count(wanted == found, || {
                    format!(
                        "{case}: {} => {} ({place}): expected {wanted:?}, found {found:?}",
                        key.0, key.1
                    )
                });
            }
        }
    }
}
