//! When a CronJob runs.

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Why a text is no schedule of cron.
pub(super) fn check(schedule: &str) -> Result<(), String> {
    if let Some(name) = schedule.strip_prefix('@') {
        let known = [
            "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly",
        ];
        let every = name
            .strip_prefix("every ")
            .is_some_and(|every| kube_vocab::duration::parse_go(every).is_ok());
        return if known.contains(&name) || every {
            Ok(())
        } else {
            Err(format!(
                "must be @every DURATION, or one of: @{}",
                known.join(", @")
            ))
        };
    }
    let fields: [(&str, u32, u32, &[&str]); 5] = [
        ("minute", 0, 59, &[]),
        ("hour", 0, 23, &[]),
        ("day of the month", 1, 31, &[]),
        ("month", 1, 12, &MONTHS),
        ("day of the week", 0, 6, &DAYS),
    ];
    let found: Vec<&str> = schedule.split_whitespace().collect();
    if found.len() != fields.len() {
        let count = found.len();
        return Err(format!(
            "must have five fields (minute, hour, day of the month, month, day of the week), has {count}"
        ));
    }
    for (text, (what, least, most, names)) in found.into_iter().zip(fields) {
        // Between commas there may be nothing.
        let mut parts = text.split(',').filter(|part| !part.is_empty());
        if !parts.all(|part| is_range(part, least, most, names)) {
            return Err(format!(
                "has \"{text}\" for the {what}, which goes from {least} to {most}"
            ));
        }
    }
    Ok(())
}

fn is_range(part: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    let value = |text: &str| -> Option<u32> {
        let lower = text.to_ascii_lowercase();
        match names.iter().position(|name| *name == lower) {
            Some(index) => u32::try_from(index).ok().map(|index| index + least),
            None => text.parse().ok(),
        }
    };
    let range_fits = match range.split_once('-') {
        _ if range == "*" || range == "?" => true,
        // What stands behind a star, a server does not read.
        Some(("*" | "?", last)) => !last.contains('-'),
        Some((first, last)) => match (value(first), value(last)) {
            (Some(first), Some(last)) => least <= first && first <= last && last <= most,
            _ => false,
        },
        None => value(range).is_some_and(|value| (least..=most).contains(&value)),
    };
    range_fits && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
}

/// Whether the database of time zones has a zone of this name.
pub(super) fn is_zone(name: &str) -> bool {
    let known = include_str!("zones.txt").lines();
    known
        .filter(|line| !line.starts_with('#'))
        .any(|zone| zone == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_those_of_cron() {
        for good in [
            "*/5 * * * *",
            "0 0 1,15 jan-mar ?",
            "@daily",
            "@every 1h",
            "0 22 * * 1-5",
            "0 0 * * SUN",
            "1, * * * *",
            "*-5 * * * *",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* * * * 7",
            "*/0 * * * *",
            "@often",
            "a * * * *",
            "5-1 * * * *",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn zones_are_those_of_the_database() {
        for good in [
            "UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+5",
            "US/Pacific",
        ] {
            assert!(is_zone(good), "{good}");
        }
        for bad in [
            "",
            "Local",
            "10s",
            "a",
            "europe/berlin",
            "Europe/",
            "Mars/Base",
            "Europe/Belin",
            "# The names",
        ] {
            assert!(!is_zone(bad), "{bad}");
        }
    }
}
