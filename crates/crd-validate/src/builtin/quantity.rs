//! Amounts of resources: `500m`, `1.5Gi`, `2e3`.

use serde_json::Value;

/// The amount, or `None` where the text is no quantity. Precise enough to compare.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    if number.matches('.').count() > 1 || !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let factor = match suffix {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty()
                || digits.len() > 4
                || !digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                return None;
            }
            10f64.powi(exponent.parse().ok()?)
        }
    };
    let value = number.trim_end_matches('.').parse::<f64>().ok()? * factor;
    Some(if text.starts_with('-') { -value } else { value })
}

/// The amount that a value stands for: a number, or a text.
pub(crate) fn of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => parse(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn quantities_are_read_as_the_server_reads_them() {
        for (text, expected) in [
            ("500m", Some(0.5)),
            ("2", Some(2.0)),
            ("1.5Gi", Some(1_610_612_736.0)),
            ("1e3", Some(1000.0)),
            ("1E", Some(1e18)),
            (".5", Some(0.5)),
            ("1.", Some(1.0)),
            ("-1", Some(-1.0)),
            ("", None),
            ("1 core", None),
            ("1gb", None),
            ("1KB", None),
            ("1.2.3", None),
            ("Gi", None),
            ("1K", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
