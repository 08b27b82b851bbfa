//! What a plain scalar means under YAML 1.1, as kubectl's parser has it.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// Whether a plain scalar is a text at a glance: it begins with nothing that begins something else, or is no word that means
/// something else.
pub(super) fn is_text(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [
            b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O',
            ..,
        ] => text.len() > LONGEST_WORD || word(text).is_none(),
        [first, ..] => !matches!(first, b'.' | b'+' | b'-' | b'0'..=b'9'),
    }
}

/// `false`.
const LONGEST_WORD: usize = 5;

/// A plain scalar as JSON, or why JSON cannot hold it.
pub(super) fn resolve(text: &str) -> Result<Value, &'static str> {
    if is_text(text) {
        return Ok(text.into());
    }
    let Some(&first) = text.as_bytes().first() else {
        return Ok(Value::Null);
    };
    match first {
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {
            Ok(word(text).unwrap_or_else(|| text.into()))
        }
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => Err("JSON has no NaN"),
            ".inf" | ".Inf" | ".INF" => Err("JSON has no infinity"),
            _ => Ok(float_of_go(text).unwrap_or_else(|| text.into())),
        },
        b'+' | b'-' | b'0'..=b'9' => number(text),
        _ => Ok(text.into()),
    }
}

fn word(text: &str) -> Option<Value> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            true.into()
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            false.into()
        }
        _ => return None,
    })
}

fn number(text: &str) -> Result<Value, &'static str> {
    if matches!(text.get(1..), Some(".inf" | ".Inf" | ".INF")) {
        return Err("JSON has no infinity");
    }
    // Most numbers: a few digits, and no zero before them.
    if let [b'1'..=b'9', rest @ ..] = text.as_bytes()
        && text.len() < 19
        && rest.iter().all(u8::is_ascii_digit)
        && let Ok(number) = text.parse::<u64>()
    {
        return Ok(number.into());
    }
    // A date, such as 2006-01-02, stays a string; it cannot be read as a number either.
    let plain = match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    };
    Ok(integer(&plain)
        .or_else(|| float(&plain))
        .unwrap_or_else(|| text.into()))
}

/// A whole number without underscores.
pub(super) fn integer(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    // Go reads the digits behind `0b` as a number of its own.
    let (negative, digits) = match digits.strip_prefix(['+', '-']) {
        Some(rest) if text.starts_with("0b") => (digits.starts_with('-'), rest),
        _ => (negative, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        Some(0i64.checked_sub_unsigned(magnitude)?.into())
    } else {
        Some(magnitude.into())
    }
}

/// A decimal number that begins with a dot, in which Go lets underscores stand between digits.
fn float_of_go(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let misplaced =
        |(at, &byte): (usize, &u8)| byte == b'_' && !(is_digit(at - 1) && is_digit(at + 1));
    if bytes.iter().enumerate().skip(1).any(misplaced) {
        return None;
    }
    float(&text.replace('_', ""))
}

/// A decimal number. One without a fraction becomes an integer, since Go writes `1.0` as `1` into JSON.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if (whole.is_empty() && fraction.is_empty())
        || !digits(whole)
        || !digits(fraction)
        || !exponent_fits
    {
        return None;
    }
    let value: f64 = text.strip_prefix('+').unwrap_or(text).parse().ok()?;
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        return Some((value as i64).into());
    }
    Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_mean_what_they_mean_to_kubectl() {
        for (text, expected) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("Null", json!(null)),
            ("nUll", json!("nUll")),
            ("yes", json!(true)),
            ("n", json!(false)),
            ("Off", json!(false)),
            ("oN", json!("oN")),
            ("0", json!(0)),
            ("-1", json!(-1)),
            ("+7", json!(7)),
            ("010", json!(8)),
            ("08", json!(8)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("0b11", json!(3)),
            ("0b-1", json!(-1)),
            (".5_0", json!(0.5)),
            ("._5", json!("._5")),
            (".5_", json!(".5_")),
            ("1_000", json!(1000)),
            ("1.0", json!(1)),
            ("1.5", json!(1.5)),
            ("1e3", json!(1000)),
            (".5", json!(0.5)),
            (".", json!(".")),
            ("-", json!("-")),
            ("1.2.3", json!("1.2.3")),
            ("2006-01-02", json!("2006-01-02")),
            ("12:30:45", json!("12:30:45")),
            (
                "18446744073709551615",
                json!(18_446_744_073_709_551_615_u64),
            ),
            ("1h", json!("1h")),
            ("=", json!("=")),
        ] {
            assert_eq!(resolve(text), Ok(expected), "{text}");
        }
        assert!(resolve(".inf").is_err());
        assert!(resolve("-.Inf").is_err());
    }
}
