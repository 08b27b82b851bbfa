//! Durations that keep the text they were written as.
//!
//! `1h` stays `1h` and `60m` stays `60m`: they compare unequal, though their values are the same.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kube_vocab::duration::{GO_EXPECTED, GoDurationError, parse_go};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::private::read_text;

/// A text that is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// The text does not follow the grammar.
    #[error("`{text}` is not a duration; {expected}")]
    Malformed {
        /// The text as it was given.
        text: String,
        /// The grammar that it departs from, with an example.
        expected: &'static str,
    },
    /// The duration is longer than the type can say.
    #[error("the duration {0} is too long")]
    TooLong(String),
    /// The duration is no whole number of milliseconds.
    #[error("the duration {0:?} is no whole number of milliseconds")]
    TooFine(Duration),
}

const GEP_EXPECTED: &str =
    "one to four of a whole number of at most five digits and h, m, s or ms, such as 1h30m";
/// A duration as Gateway API writes it (GEP-2257): one to four parts, each a whole number of at
/// most five digits and a unit, `h`, `m`, `s` or `ms`. Never negative; no fractions.
///
/// ```
/// use crd_core::GepDuration;
/// use std::time::Duration;
///
/// let timeout: GepDuration = "1h30m".parse()?;
/// assert_eq!(timeout.value(), Duration::from_secs(5400));
/// assert_eq!(timeout.to_string(), "1h30m");
/// assert_eq!(GepDuration::try_from(Duration::from_millis(1500))?.as_str(), "1s500ms");
/// assert!("1.5s".parse::<GepDuration>().is_err());
/// # Ok::<(), crd_core::DurationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GepDuration {
    text: String,
    value: Duration,
}

impl GepDuration {
    /// The grammar, as a regular expression.
    pub const PATTERN: &'static str = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

    /// A duration of this many hours; 2 of them are written `2h`.
    pub fn hours(hours: u16) -> Self {
        Self::of(hours, "h", 3_600_000)
    }

    /// A duration of this many minutes; 2 of them are written `2m`.
    pub fn minutes(minutes: u16) -> Self {
        Self::of(minutes, "m", 60_000)
    }

    /// A duration of this many seconds; 2 of them are written `2s`.
    pub fn seconds(seconds: u16) -> Self {
        Self::of(seconds, "s", 1000)
    }

    /// A duration of this many milliseconds; 2 of them are written `2ms`.
    pub fn millis(millis: u16) -> Self {
        Self::of(millis, "ms", 1)
    }

    fn of(count: u16, unit: &str, millis: u64) -> Self {
        Self {
            text: format!("{count}{unit}"),
            value: Duration::from_millis(u64::from(count) * millis),
        }
    }

    /// The duration as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How long it is: the sum of the parts.
    pub fn value(&self) -> Duration {
        self.value
    }
}

impl FromStr for GepDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let malformed = || DurationError::Malformed {
            text: text.to_owned(),
            expected: GEP_EXPECTED,
        };
        let mut rest = text;
        let mut millis = 0;
        let mut parts = 0;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, tail) = rest.split_at(digits);
            let (unit, tail) = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
                .into_iter()
                .find_map(|(unit, size)| Some((size, tail.strip_prefix(unit)?)))
                .ok_or_else(malformed)?;
            parts += 1;
            if digits > 5 || parts > 4 {
                return Err(malformed());
            }
            millis += number.parse::<u64>().map_err(|_| malformed())? * unit;
            rest = tail;
        }
        if parts == 0 {
            return Err(malformed());
        }
        Ok(Self {
            text: text.to_owned(),
            value: Duration::from_millis(millis),
        })
    }
}

impl TryFrom<Duration> for GepDuration {
    type Error = DurationError;

    /// The shortest text for the value, largest unit first; `0s` for none.
    fn try_from(value: Duration) -> Result<Self, DurationError> {
        if !value.subsec_nanos().is_multiple_of(1_000_000) {
            return Err(DurationError::TooFine(value));
        }
        let seconds = value.as_secs();
        let hours = seconds / 3600;
        if hours > 99_999 {
            return Err(DurationError::TooLong(format!("{value:?}")));
        }
        let mut text = String::new();
        for (count, unit) in [
            (hours, "h"),
            (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
            (u64::from(value.subsec_millis()), "ms"),
        ] {
            if count > 0 {
                text.push_str(&format!("{count}{unit}"));
            }
        }
        if text.is_empty() {
            text.push_str("0s");
        }
        Ok(Self { text, value })
    }
}

/// A duration as Go writes and reads it (`time.ParseDuration`): an optional sign, then parts of a
/// number, with or without a fraction, and a unit, `h`, `m`, `s`, `ms`, `us` or `ns`; or `0`.
/// Between plus and minus 292 years, in steps of a nanosecond.
///
/// ```
/// use crd_core::GoDuration;
/// use std::time::Duration;
///
/// let interval: GoDuration = "1.5h".parse()?;
/// assert_eq!(interval.value(), Some(Duration::from_secs(5400)));
/// assert_eq!(interval.to_string(), "1.5h");
/// assert_eq!("-5s".parse::<GoDuration>()?.nanos(), -5_000_000_000);
/// assert!("5".parse::<GoDuration>().is_err());
/// # Ok::<(), crd_core::DurationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoDuration {
    text: String,
    nanos: i64,
}

impl GoDuration {
    /// A duration of this many hours; 2 of them are written `2h`.
    pub fn hours(hours: u16) -> Self {
        Self::of(hours, "h", 3_600_000)
    }

    /// A duration of this many minutes; 2 of them are written `2m`.
    pub fn minutes(minutes: u16) -> Self {
        Self::of(minutes, "m", 60_000)
    }

    /// A duration of this many seconds; 2 of them are written `2s`.
    pub fn seconds(seconds: u16) -> Self {
        Self::of(seconds, "s", 1000)
    }

    /// A duration of this many milliseconds; 2 of them are written `2ms`.
    pub fn millis(millis: u16) -> Self {
        Self::of(millis, "ms", 1)
    }

    fn of(count: u16, unit: &str, millis: i64) -> Self {
        Self {
            text: format!("{count}{unit}"),
            nanos: i64::from(count) * millis * 1_000_000,
        }
    }

    /// The duration as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How long it is; `None` if it is negative.
    pub fn value(&self) -> Option<Duration> {
        u64::try_from(self.nanos).ok().map(Duration::from_nanos)
    }

    /// How long it is in nanoseconds, with its sign.
    pub fn nanos(&self) -> i64 {
        self.nanos
    }
}

impl FromStr for GoDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        match parse_go(text) {
            Ok(nanos) => Ok(Self {
                text: text.to_owned(),
                nanos,
            }),
            Err(GoDurationError::TooLong(text)) => Err(DurationError::TooLong(text)),
            Err(_) => Err(DurationError::Malformed {
                text: text.to_owned(),
                expected: GO_EXPECTED,
            }),
        }
    }
}

macro_rules! text_impls {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }

        /// As `FromStr`: what people write may be no duration, so that there is no `From`.
        impl TryFrom<&str> for $name {
            type Error = DurationError;

            fn try_from(text: &str) -> Result<Self, DurationError> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer)
            }
        }
    };
}

text_impls!(GepDuration);
text_impls!(GoDuration);

#[cfg(feature = "schema")]
mod schema {
    use super::{GepDuration, GoDuration};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for GepDuration {
        fn schema_name() -> Cow<'static, str> {
            "GepDuration".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "pattern": GepDuration::PATTERN})
        }
    }

    impl JsonSchema for GoDuration {
        fn schema_name() -> Cow<'static, str> {
            "GoDuration".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string"})
        }
    }
}
