//! Kubernetes quantities, as far as resources need them: multiplied and added up exactly.

/// A quantity as a number of its smallest unit here: thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    thousandths: u128,
    /// Written with binary suffixes (`Mi`) rather than decimal ones.
    binary: bool,
}

const BINARY: [(&str, u128); 6] = [
    ("Ei", 1 << 60),
    ("Pi", 1 << 50),
    ("Ti", 1 << 40),
    ("Gi", 1 << 30),
    ("Mi", 1 << 20),
    ("Ki", 1 << 10),
];
const DECIMAL: [(&str, u128); 6] = [
    ("E", 1_000_000_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
];

impl Quantity {
    /// Reads `250m`, `0.5`, `2`, `128Mi`, `1.5Gi` and the like; no signs, no exponents, nothing below a thousandth.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, suffix) = text.split_at(digits);
        let (unit, binary) = match suffix {
            "" => (1_000, false),
            "m" => (1, false),
            _ => match BINARY.iter().find(|(known, _)| *known == suffix) {
                Some((_, factor)) => (factor * 1_000, true),
                None => (
                    DECIMAL.iter().find(|(known, _)| *known == suffix)?.1 * 1_000,
                    false,
                ),
            },
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let value = |digits: &str| {
            if digits.is_empty() {
                Some(0)
            } else {
                digits.parse::<u128>().ok()
            }
        };
        let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let below = value(fraction)?.checked_mul(unit)?;
        if !below.is_multiple_of(scale) {
            return None;
        }
        let thousandths = value(whole)?
            .checked_mul(unit)?
            .checked_add(below / scale)?;
        Some(Quantity {
            thousandths,
            binary,
        })
    }

    /// So many times as much.
    pub(crate) fn times(self, factor: u32) -> Option<Self> {
        Some(Quantity {
            thousandths: self.thousandths.checked_mul(factor.into())?,
            ..self
        })
    }

    /// Both together, in the first one's spelling.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        Some(Quantity {
            thousandths: self.thousandths.checked_add(other.thousandths)?,
            ..self
        })
    }

    /// The spelling that Kubernetes prints: the largest suffix that leaves a whole number.
    pub(crate) fn canonical(self) -> String {
        if !self.thousandths.is_multiple_of(1_000) {
            return format!("{}m", self.thousandths);
        }
        let value = self.thousandths / 1_000;
        let suffixes = if self.binary { BINARY } else { DECIMAL };
        let fits = |(_, factor): &&(&str, u128)| value > 0 && value.is_multiple_of(*factor);
        match suffixes.iter().find(fits) {
            Some((suffix, factor)) => format!("{}{suffix}", value / factor),
            None => value.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_multiplied_as_kubernetes_spells_them() {
        for (text, factor, expected) in [
            ("100m", 2, "200m"),
            ("100m", 10, "1"),
            ("250m", 1, "250m"),
            ("0.5", 1, "500m"),
            ("0.5", 4, "2"),
            ("2", 4, "8"),
            ("256Mi", 4, "1Gi"),
            ("128Mi", 2, "256Mi"),
            ("1.5Gi", 1, "1536Mi"),
            ("500M", 4, "2G"),
            ("1000", 1, "1k"),
            ("0", 4, "0"),
        ] {
            let scaled = Quantity::parse(text).and_then(|quantity| quantity.times(factor));
            assert_eq!(
                scaled.map(Quantity::canonical).as_deref(),
                Some(expected),
                "{text} x {factor}"
            );
        }
        for text in [
            "",
            "m",
            ".",
            "-1",
            "1e3",
            "1 Gi",
            "1Xi",
            "0.0001",
            "1.2.3",
            "99999999999999999999999999999999999E",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_add_up() {
        let sum = |a, b| {
            Quantity::parse(a)?
                .plus(Quantity::parse(b)?)
                .map(Quantity::canonical)
        };
        assert_eq!(sum("200m", "50m").as_deref(), Some("250m"));
        assert_eq!(sum("256Mi", "32Mi").as_deref(), Some("288Mi"));
        assert_eq!(sum("900m", "100m").as_deref(), Some("1"));
    }
}
