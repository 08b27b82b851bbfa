//! Amounts of resources: `500m`, `1.5Gi`, `2e3`.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;

/// How an amount was written, which the server keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuantityFormat {
    /// With `Ki`, `Mi`, `Gi` …
    BinarySi,
    /// With `m`, `k`, `M`, `G` …, or without a suffix.
    #[default]
    DecimalSi,
    /// With a power of ten, such as `1e3`.
    DecimalExponent,
}

/// A text that is no quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a quantity such as 500m, 2, 1.5Gi or 1e3")]
pub struct QuantityError(pub String);

/// An amount of a resource, exact to a billionth, as the server counts.
///
/// What is smaller than a billionth is rounded up; what is beyond the 64 bits of a whole number is capped there. Comparing,
/// adding and hashing go by the amount: `1` and `1000m` are equal. [`Display`](fmt::Display) writes the canonical form, as the
/// server answers: no fraction, the largest suffix that leaves none.
///
/// ```
/// use kube_vocab::Quantity;
///
/// let sum = "250m".parse::<Quantity>()? + "0.75".parse()?;
/// assert_eq!(sum.to_string(), "1");
/// assert_eq!("1.5Gi".parse::<Quantity>()?.to_string(), "1536Mi");
/// assert_eq!("0.5".parse::<Quantity>()?.millis(), 500);
/// assert!("1 core".parse::<Quantity>().is_err());
/// # Ok::<(), kube_vocab::QuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Quantity {
    nanos: i128,
    format: QuantityFormat,
}

const NANOS: i128 = 1_000_000_000;
const MOST: i128 = (i64::MAX as i128) * NANOS;
const DECIMAL: [(&str, u32); 10] = [
    ("n", 0),
    ("u", 3),
    ("m", 6),
    ("", 9),
    ("k", 12),
    ("M", 15),
    ("G", 18),
    ("T", 21),
    ("P", 24),
    ("E", 27),
];
const BINARY: [(&str, u32); 6] = [
    ("Ki", 10),
    ("Mi", 20),
    ("Gi", 30),
    ("Ti", 40),
    ("Pi", 50),
    ("Ei", 60),
];

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self::of_nanos(0);

    /// So many whole ones.
    pub const fn new(whole: i64) -> Self {
        Self::of_nanos(whole as i128 * NANOS)
    }

    /// So many thousandths: of a processor, say.
    pub const fn from_millis(millis: i64) -> Self {
        Self::of_nanos(millis as i128 * 1_000_000)
    }

    const fn of_nanos(nanos: i128) -> Self {
        Self {
            nanos,
            format: QuantityFormat::DecimalSi,
        }
    }

    /// How it was written.
    pub const fn format(self) -> QuantityFormat {
        self.format
    }

    /// The whole ones, a rest rounded up: the bytes of memory, the number of pods.
    pub fn value(self) -> i64 {
        self.scaled(NANOS)
    }

    /// The thousandths, a rest rounded up: millicores.
    pub fn millis(self) -> i64 {
        self.scaled(1_000_000)
    }

    fn scaled(self, unit: i128) -> i64 {
        let up = self.nanos.div_euclid(unit) + i128::from(self.nanos.rem_euclid(unit) != 0);
        i64::try_from(up).unwrap_or(if up < 0 { i64::MIN } else { i64::MAX })
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it is a number of whole ones.
    pub const fn is_whole(self) -> bool {
        self.nanos % NANOS == 0
    }

    /// The amount as a floating-point number, for shares and pictures.
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.nanos as f64 / NANOS as f64
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let read = common(text).or_else(|| parse(text));
        read.ok_or_else(|| QuantityError(text.to_owned()))
    }
}

/// Nearly every amount: up to nine digits and a suffix that is a fixed number. Other texts are left to [`parse`].
fn common(text: &str) -> Option<Quantity> {
    use QuantityFormat::{BinarySi, DecimalSi};
    const DIGITS: usize = 9;
    let bytes = text.as_bytes();
    let mut digits = 0;
    let mut whole = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(digits) {
        whole = 10 * whole + i128::from(digit - b'0');
        digits += 1;
        if digits > DIGITS {
            return None;
        }
    }
    let (unit, format) = match bytes.get(digits..)? {
        _ if digits == 0 => return None,
        b"m" => (1_000_000, DecimalSi),
        b"" => (NANOS, DecimalSi),
        b"k" => (NANOS * 1_000, DecimalSi),
        b"M" => (NANOS * 1_000_000, DecimalSi),
        b"G" => (NANOS * NANOS, DecimalSi),
        b"Ki" => (NANOS << 10, BinarySi),
        b"Mi" => (NANOS << 20, BinarySi),
        b"Gi" => (NANOS << 30, BinarySi),
        b"Ti" => (NANOS << 40, BinarySi),
        _ => return None,
    };
    Some(Quantity {
        nanos: (whole * unit).min(MOST),
        format,
    })
}

fn parse(text: &str) -> Option<Quantity> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let decimal = DECIMAL.iter().find(|(name, _)| *name == suffix);
    let binary = BINARY.iter().find(|(name, _)| *name == suffix);
    // The number times 2^twos times 10^(tens - 9).
    let (tens, twos, format) = if let Some((_, tens)) = decimal {
        (i64::from(*tens), 0, QuantityFormat::DecimalSi)
    } else if let Some((_, twos)) = binary {
        (9, *twos, QuantityFormat::BinarySi)
    } else {
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let power: i32 = exponent.parse().ok()?;
        (i64::from(power) + 9, 0, QuantityFormat::DecimalExponent)
    };
    let size = nanos(whole, fraction, tens, twos);
    let nanos = if text.starts_with('-') { -size } else { size };
    Some(Quantity { nanos, format })
}

/// The size of a number in billionths, rounded away from zero, at most [`MOST`].
fn nanos(whole: &str, fraction: &str, tens: i64, twos: u32) -> i128 {
    let digits = || {
        whole
            .bytes()
            .chain(fraction.bytes())
            .map(|byte| byte - b'0')
    };
    let Some(first) = digits().position(|digit| digit != 0) else {
        return 0;
    };
    // Digit `at` counts 10^(shift - at).
    let shift = tens + i64::try_from(whole.len()).unwrap_or(i64::MAX) - 1;
    let leading = shift.saturating_sub(i64::try_from(first).unwrap_or(i64::MAX));
    // Ten to the 28th billionths are more than that, and all that stays below leaves room for the guard digits.
    if leading > 27 {
        return MOST;
    }
    // Beyond a trillionth of a billionth nothing is left of even an exbi, but the rest is rounded up.
    const GUARD: i64 = 9;
    let mut value: i128 = 0;
    let mut rest = false;
    for (at, digit) in digits().enumerate().skip(first) {
        let place = shift.saturating_sub(i64::try_from(at).unwrap_or(i64::MAX));
        match u32::try_from(place + GUARD) {
            Ok(power) => value += i128::from(digit) * 10_i128.pow(power.min(38)),
            Err(_) => rest |= digit != 0,
        }
        if value > MOST * 10_i128.pow(GUARD as u32) {
            return MOST;
        }
    }
    let unit = 10_i128.pow(GUARD as u32);
    let scale = 1_i128 << twos;
    let (high, low) = (value / unit, value % unit);
    let low = low.saturating_mul(scale);
    let size = high
        .saturating_mul(scale)
        .saturating_add(low / unit)
        .saturating_add(i128::from(low % unit != 0 || rest));
    size.min(MOST)
}

/// The canonical form: no fraction, and the largest suffix that leaves none.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0");
        }
        // A server writes small or broken amounts of the binary form in decimals.
        let whole = self.nanos % NANOS == 0;
        if self.format == QuantityFormat::BinarySi && whole && self.nanos.abs() >= 1024 * NANOS {
            let value = self.nanos / NANOS;
            let (suffix, twos) = BINARY
                .iter()
                .rev()
                .find(|(_, twos)| value % (1_i128 << twos) == 0)
                .map_or(("", 0), |(suffix, twos)| (*suffix, *twos));
            return write!(f, "{}{suffix}", value >> twos);
        }
        let (suffix, tens) = DECIMAL
            .iter()
            .rev()
            .find(|(_, tens)| self.nanos % 10_i128.pow(*tens) == 0)
            .map_or(("n", 0), |(suffix, tens)| (*suffix, *tens));
        let value = self.nanos / 10_i128.pow(tens);
        if self.format == QuantityFormat::DecimalExponent && tens != 9 {
            return write!(f, "{value}e{}", i64::from(tens) - 9);
        }
        write!(f, "{value}{suffix}")
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl std::hash::Hash for Quantity {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

impl Quantity {
    /// A result keeps the format of its first operand, or of the second where the first is nothing.
    const fn with(self, other: Self, nanos: i128) -> Self {
        Self {
            nanos,
            format: if self.nanos == 0 {
                other.format
            } else {
                self.format
            },
        }
    }
}

impl Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, self.nanos.saturating_add(other.nanos))
    }
}

impl Sub for Quantity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.with(other, self.nanos.saturating_sub(other.nanos))
    }
}

impl Mul<i64> for Quantity {
    type Output = Self;

    fn mul(self, times: i64) -> Self {
        Self {
            nanos: self.nanos.saturating_mul(i128::from(times)),
            format: self.format,
        }
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn quantities_are_read_as_the_server_reads_them() {
        for (text, nanos) in [
            ("500m", NANOS / 2),
            ("2", 2 * NANOS),
            ("+2", 2 * NANOS),
            ("1.5Gi", 1_610_612_736 * NANOS),
            ("1e3", 1000 * NANOS),
            ("1E-3", NANOS / 1000),
            ("1E", 1_000_000_000_000_000_000 * NANOS),
            (".5", NANOS / 2),
            ("1.", NANOS),
            ("-1", -NANOS),
            ("0.1n", 1),
            ("1.0000000001", NANOS + 1),
            ("0.0000000000000000000000000001", 1),
            ("0.1Ki", 102_400_000_000),
            ("9223372036854775808", MOST),
            ("100E", MOST),
            ("1e99999", MOST),
            ("8Ei", MOST),
            ("0e99999", 0),
        ] {
            assert_eq!(read(text).nanos, nanos, "{text}");
        }
        for text in [
            "", "1 core", "1gb", "1KB", "1.2.3", "Gi", "1K", "1e", "1e+", "1mi", "--1", ".", "+",
            "\u{663}",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_canonical_form_is_the_servers() {
        for (text, canonical) in [
            ("0", "0"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("0.5", "500m"),
            ("1024", "1024"),
            ("1000", "1k"),
            ("1024Ki", "1Mi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Mi", "512Ki"),
            ("0.5Ki", "512"),
            ("1e3", "1e3"),
            ("1000e3", "1e6"),
            ("12e-4", "1200e-6"),
            ("-2Gi", "-2Gi"),
            ("1k", "1k"),
            ("0.1u", "100n"),
        ] {
            assert_eq!(read(text).to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn amounts_are_added_exactly() {
        let sum: Quantity = ["0.1", "0.2", "700m"].into_iter().map(read).sum();
        assert_eq!(sum, read("1"));
        assert_eq!((read("128Mi") * 3).to_string(), "384Mi");
        assert_eq!((read("1Gi") - read("512Mi")).to_string(), "512Mi");
        assert_eq!(read("100m").value(), 1);
        assert_eq!(read("-1500m").value(), -1);
        assert_eq!(read("1u").millis(), 1);
    }

    proptest! {
        #[test]
        fn common_amounts_are_read_like_all_others(
            number in "0{0,3}[0-9]{0,10}",
            suffix in "|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e3|K|mi|.5",
        ) {
            let text = format!("{number}{suffix}");
            if let Some(quick) = common(&text) {
                let all = parse(&text).unwrap();
                prop_assert_eq!((quick.nanos, quick.format), (all.nanos, all.format), "{}", text);
            }
        }

        #[test]
        fn the_canonical_form_is_the_same_amount(
            number in "-?[0-9]{1,6}(\\.[0-9]{1,3})?",
            suffix in "|n|u|m|k|M|G|Ki|Mi|Gi|e3|e-3",
        ) {
            let quantity = read(&format!("{number}{suffix}"));
            prop_assert_eq!(read(&quantity.to_string()), quantity);
        }
    }
}
