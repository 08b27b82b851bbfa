//! Dates, times and durations as the formats of schemas have them.

use kube_vocab::duration;

use super::known;
use crate::date::Date;

pub(super) fn is_date(text: &str) -> bool {
    Date::read(text).is_some()
}

pub(super) fn is_date_time(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut parts = lower.split('t');
    let (Some(date), Some(time)) = (parts.next(), parts.next()) else {
        return false;
    };
    is_date(date)
        && known::TIME.is_match(time)
        && time.get(0..2).is_some_and(|hour| hour <= "23")
        && time.get(3..5).is_some_and(|minute| minute <= "59")
        && time.get(6..8).is_some_and(|second| second <= "59")
}

/// A duration in nanoseconds: Go's notation, or a number with a long unit such as `2 days`.
pub(crate) fn parse_duration(text: &str) -> Option<i64> {
    duration::parse_go(text)
        .ok()
        .or_else(|| scala_duration(text))
}

fn scala_duration(text: &str) -> Option<i64> {
    const UNITS: [(&[&str], i64); 8] = [
        (&["ns", "nano"], 1),
        (&["us", "µs", "micro"], 1_000),
        (&["ms", "milli"], 1_000_000),
        (&["s", "sec"], 1_000_000_000),
        (&["m", "min"], 60_000_000_000),
        (&["h", "hr", "hour"], 3_600_000_000_000),
        (&["d", "day"], 86_400_000_000_000),
        (&["w", "wk", "week"], 604_800_000_000_000),
    ];
    let regex = known::UNIT.get().ok()?;
    let mut total = 0i64;
    let mut found = false;
    for captures in regex.captures_iter(text) {
        let factor: i64 = captures.get(1)?.as_str().parse().ok()?;
        let unit = captures.get(2)?.as_str().to_lowercase();
        for (names, multiplier) in UNITS {
            for (index, name) in names.iter().enumerate() {
                if unit == *name || (index + 1 == names.len() && unit.starts_with(name)) {
                    found = true;
                    total = total.wrapping_add(factor.wrapping_mul(multiplier));
                }
            }
        }
    }
    found.then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_their_value() {
        assert_eq!(parse_duration("1h30m"), Some(5_400_000_000_000));
        assert_eq!(parse_duration("1.5s"), Some(1_500_000_000));
        assert_eq!(parse_duration("-1ms"), Some(-1_000_000));
        assert_eq!(parse_duration("2 days"), Some(172_800_000_000_000));
    }
}
