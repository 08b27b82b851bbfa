//! Days of the calendar and times of a day.

use std::fmt;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    year: i32,
    month: u32,
    day: u32,
}

impl Date {
    /// Reads `2006-01-02`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let (month, day) = (number(text, 5, 7)?, number(text, 8, 10)?);
        let year = i32::try_from(number(text, 0, 4)?).ok()?;
        let fits = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        fits.then_some(Self { year, month, day })
    }

    fn before(self) -> Self {
        let Self { year, month, day } = self;
        let (year, month, day) = match (month, day) {
            (1, 1) => (year - 1, 12, 31),
            (_, 1) => (year, month - 1, days_of(year, month - 1)),
            _ => (year, month, day - 1),
        };
        Self { year, month, day }
    }

    fn after(self) -> Self {
        let Self { year, month, day } = self;
        let is_last = day == days_of(year, month);
        let (year, month, day) = match (month, is_last) {
            (12, true) => (year + 1, 1, 1),
            (_, true) => (year, month + 1, 1),
            (_, false) => (year, month, day + 1),
        };
        Self { year, month, day }
    }
}

/// As it is read; years beyond four digits with a sign.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            year @ 0..=9999 => write!(f, "{year:04}")?,
            year => write!(f, "{year:+05}")?,
        }
        write!(f, "-{:02}-{:02}", self.month, self.day)
    }
}

fn days_of(year: i32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number that digits alone write in a part of a text.
fn number(text: &str, from: usize, to: usize) -> Option<u32> {
    let digits = text.get(from..to)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// A time of RFC 3339 without its zone: `2006-01-02T15:04:05Z`, with six digits after the second where `micros` asks for them; what
/// is finer is cut off.
pub(crate) fn in_utc(text: &str, micros: bool) -> Option<String> {
    let date = Date::read(text.get(..10)?)?;
    let part = |from: usize, below: u32| number(text, from, from + 2).filter(|part| *part < below);
    let (hour, minute, second) = (part(11, 24)?, part(14, 60)?, part(17, 60)?);
    let signs = [10, 13, 16].map(|at| text.as_bytes()[at]);
    if signs != *b"T::" {
        return None;
    }
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            rest.split_at(end)
        }
        None => ("", rest),
    };
    if zone.is_empty() || rest.starts_with(['.', ',']) && fraction.is_empty() {
        return None;
    }
    let offset = match zone {
        "Z" => 0,
        _ => {
            let (sign, hours) = match zone.as_bytes()[0] {
                b'+' => (1, number(zone, 1, 3)?),
                b'-' => (-1, number(zone, 1, 3)?),
                _ => return None,
            };
            let minutes = number(zone, 4, 6)?;
            if zone.len() != 6 || zone.as_bytes()[3] != b':' || hours > 23 || minutes > 59 {
                return None;
            }
            sign * i64::from(hours * 60 + minutes)
        }
    };
    const DAY: i64 = 24 * 60;
    let since_midnight = i64::from(hour * 60 + minute) - offset;
    let date = match since_midnight {
        ..0 => date.before(),
        DAY.. => date.after(),
        _ => date,
    };
    let (hour, minute) = {
        let minutes = since_midnight.rem_euclid(DAY);
        (minutes / 60, minutes % 60)
    };
    let fraction = match micros {
        true => format!(".{:0<6.6}", fraction),
        false => String::new(),
    };
    Some(format!(
        "{date}T{hour:02}:{minute:02}:{second:02}{fraction}Z"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for (text, expected) in [
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("1900-02-29", false),
            ("2000-02-29", true),
            ("2023-12-31", true),
            ("2023-11-31", false),
            ("2023-00-01", false),
            ("2023-13-01", false),
            ("2023-01-00", false),
            ("2023- 1-01", false),
            ("12345-1-01", false),
            ("2023-01-1", false),
            ("2023/01/01", false),
            ("2023-01-01x", false),
            ("+023-01-01", false),
            ("0000-01-01", true),
            ("2023-1\u{e9}-1", false),
        ] {
            assert_eq!(Date::read(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_told_without_their_zone() {
        for (text, expected) in [
            (
                "2024-03-01T00:30:00+01:00",
                Some("2024-02-29T23:30:00.000000Z"),
            ),
            (
                "2023-12-31T23:30:59.1234567-01:30",
                Some("2024-01-01T01:00:59.123456Z"),
            ),
            (
                "2023-12-31T23:30:59,5Z",
                Some("2023-12-31T23:30:59.500000Z"),
            ),
            (
                "0000-01-01T00:00:00+00:01",
                Some("-0001-12-31T23:59:00.000000Z"),
            ),
            ("2023-12-31T23:30:59.Z", None),
            ("2023-12-31T23:30:59", None),
            ("2023-12-31T23:30:59+0100", None),
            ("2023-12-31T3:30:59Z", None),
            ("2023-12-31T23:30:59.5", None),
            ("2023-12-31T24:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(in_utc(text, true).as_deref(), expected, "{text}");
        }
        let whole = in_utc("2023-12-31T23:30:59.9Z", false);
        assert_eq!(whole.as_deref(), Some("2023-12-31T23:30:59Z"));
    }

    #[cfg(feature = "cel")]
    proptest::proptest! {
        #[test]
        fn times_are_those_that_others_have(
            text in "[0-9]{2}(19|20|00|99)-(0[1-9]|1[0-3])-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
            micros in proptest::prelude::any::<bool>(),
        ) {
            use chrono::{DateTime, SecondsFormat, Utc};
            let format = if micros { SecondsFormat::Micros } else { SecondsFormat::Secs };
            let expected = DateTime::parse_from_rfc3339(&text)
                .map(|time| time.with_timezone(&Utc).to_rfc3339_opts(format, true));
            proptest::prop_assert_eq!(in_utc(&text, micros), expected.ok(), "{}", text);
        }
    }
}
