//! Durations as Go writes and reads them (`time.ParseDuration`).

/// What is allowed, for people.
pub const GO_EXPECTED: &str =
    "a number and h, m, s, ms, us or ns, once or several times, such as 1h30m or 1.5s, or 0";

/// Why a text is no duration of Go's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GoDurationError {
    /// The text does not follow the grammar.
    #[error("`{0}` is not a duration; {GO_EXPECTED}")]
    Malformed(String),
    /// More than 292 years, which 64 bits of nanoseconds cannot say.
    #[error("the duration {0} is too long")]
    TooLong(String),
}

/// The nanoseconds of a duration: an optional sign, then parts of a number, with or without a fraction, and a unit, `h`, `m`,
/// `s`, `ms`, `us` or `ns`; or `0`. What is smaller than a nanosecond is cut off.
///
/// ```
/// use kube_vocab::duration;
///
/// assert_eq!(duration::parse_go("1.5h"), Ok(5_400_000_000_000));
/// assert_eq!(duration::parse_go("-5s"), Ok(-5_000_000_000));
/// assert!(duration::parse_go("5").is_err());
/// ```
///
/// # Errors
/// [`GoDurationError`] with the text.
pub fn parse_go(text: &str) -> Result<i64, GoDurationError> {
    let malformed = || GoDurationError::Malformed(text.to_owned());
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if unsigned.is_empty() {
        return Err(malformed());
    }
    let mut rest = if unsigned == "0" { "" } else { unsigned };
    let mut nanos: u128 = 0;
    while !rest.is_empty() {
        let (part, tail) = part(rest).ok_or_else(malformed)?;
        nanos = nanos.saturating_add(part);
        rest = tail;
    }
    i128::try_from(nanos)
        .map(|nanos| if negative { -nanos } else { nanos })
        .ok()
        .and_then(|nanos| i64::try_from(nanos).ok())
        .ok_or_else(|| GoDurationError::TooLong(text.to_owned()))
}

/// The nanoseconds of the first part of `text`, and what follows it.
fn part(text: &str) -> Option<(u128, &str)> {
    const UNITS: [(&str, u128); 8] = [
        ("ns", 1),
        ("us", 1_000),
        ("\u{b5}s", 1_000),
        ("\u{3bc}s", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, tail) = text.split_at(digits(text));
    let (fraction, tail) = match tail.strip_prefix('.') {
        Some(tail) => tail.split_at(digits(tail)),
        None => ("", tail),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let end = tail
        .find(|c: char| c == '.' || c.is_ascii_digit())
        .unwrap_or(tail.len());
    let (unit, tail) = tail.split_at(end);
    let size = UNITS.iter().find(|(name, _)| *name == unit)?.1;
    // Too many digits for the number are too long a duration, which the caller notices.
    let whole = whole.bytes().fold(0, |value: u128, digit| {
        value
            .saturating_mul(10)
            .saturating_add(u128::from(digit - b'0'))
    });
    // After 20 digits nothing is left of an hour.
    let mut scale = 1;
    let mut numerator = 0;
    for digit in fraction.bytes().take(20) {
        scale *= 10;
        numerator = numerator * 10 + u128::from(digit - b'0');
    }
    let nanos = whole.saturating_mul(size);
    Some((nanos.saturating_add(numerator * size / scale), tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, nanos) in [
            ("0", 0),
            ("+1h", 3_600_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("-1ms", -1_000_000),
            ("1\u{b5}s", 1_000),
            ("0.3333333333333333333h", 1_199_999_999_999),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ] {
            assert_eq!(parse_go(text), Ok(nanos), "{text}");
        }
        for text in ["", "-", "1", "h", "1 h", "1d", "1h-1m", ".s", "1hm"] {
            assert!(
                matches!(parse_go(text), Err(GoDurationError::Malformed(_))),
                "{text}"
            );
        }
        for text in ["9223372036854775808ns", "3000000h"] {
            assert!(
                matches!(parse_go(text), Err(GoDurationError::TooLong(_))),
                "{text}"
            );
        }
    }
}
