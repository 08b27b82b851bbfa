//! What an overlay most likely does not mean: keys that nearly are those of the values, and values of another type.

use std::fmt;

use serde_json::{Map, Value};

use crate::overlay::{kind, sorted, spelled};

/// Something in an overlay that Helm takes without a word and that is hardly meant so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayDoubt {
    /// The key's path: `controller.resources`; a key that holds a dot stands in quotes.
    pub path: String,
    /// Whether the key or the value's type is the odd thing.
    pub reason: DoubtReason,
}

/// Why a key of an overlay is doubted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DoubtReason {
    /// The values have a key that differs in a letter, in case, or in `-` and `_`. The chart reads one of them.
    NearMiss {
        /// The key of the values.
        known: String,
    },
    /// The values have another type there.
    OtherType {
        /// What the overlay has: `a string`, `a list` and so on.
        found: &'static str,
        /// The type of what the chart's values hold at this key.
        expected: &'static str,
    },
}

impl fmt::Display for OverlayDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            DoubtReason::NearMiss { known } => {
                write!(
                    f,
                    "the overlay sets `{}`; the values have `{known}`",
                    self.path
                )
            }
            DoubtReason::OtherType { found, expected } => write!(
                f,
                "the overlay has {found} at `{}`, where the values have {expected}",
                self.path
            ),
        }
    }
}

/// What is odd about an overlay over these values, in the order of paths.
pub(crate) fn of(values: &Value, overlay: &Map<String, Value>) -> Vec<OverlayDoubt> {
    let mut doubts = Vec::new();
    if let Value::Object(values) = values {
        compare(values, overlay, &mut Vec::new(), &mut doubts);
    }
    doubts
}

fn compare<'a>(
    values: &Map<String, Value>,
    overlay: &'a Map<String, Value>,
    path: &mut Vec<&'a str>,
    doubts: &mut Vec<OverlayDoubt>,
) {
    let free = path.last().is_some_and(|key| holds_free_keys(key));
    for (key, over) in sorted(overlay) {
        path.push(key);
        let mut doubt = |reason| {
            doubts.push(OverlayDoubt {
                path: spelled(path),
                reason,
            });
        };
        match (values.get(key), over) {
            (Some(Value::Object(below)), Value::Object(over)) => compare(below, over, path, doubts),
            (Some(known), over) if !may_replace(known, over) => doubt(DoubtReason::OtherType {
                found: kind(over),
                expected: kind(known),
            }),
            (None, _) if !free => {
                // Whoever sets both knows that there are two.
                let mut known = values.keys().filter(|known| !overlay.contains_key(*known));
                if let Some(known) = known.find(|known| is_near(known, key)) {
                    doubt(DoubtReason::NearMiss {
                        known: known.clone(),
                    });
                }
            }
            _ => {}
        }
        path.pop();
    }
}

/// Whether the keys of a map of this name are the user's own, so that two of them may well be alike.
fn holds_free_keys(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["labels", "annotations", "selector", "env"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether one value is as good as another for a chart: of one type, or both a quantity or a number-or-percentage.
fn may_replace(known: &Value, over: &Value) -> bool {
    let is_amount = |text: &str| {
        let digits = text.trim_start_matches('-');
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    match (known, over) {
        (Value::Null, _) | (_, Value::Null) => true,
        // `500m` and `50%` are amounts; `"2"` is a text for a number.
        (Value::Number(_), Value::String(text)) => is_amount(text) && text.parse::<f64>().is_err(),
        (Value::String(text), Value::Number(_)) => is_amount(text),
        (known, over) => kind(known) == kind(over),
    }
}

/// Whether two keys differ so little that one is likely meant for the other.
fn is_near(known: &str, key: &str) -> bool {
    let plain = |key: &str| -> String {
        let letters = key.chars().filter(|c| !matches!(c, '-' | '_'));
        letters.flat_map(char::to_lowercase).collect()
    };
    let (known, key) = (plain(known), plain(key));
    if known == key {
        return true;
    }
    // Short words are alike by chance, and numbers tell things apart.
    let letters =
        |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    let (one, other) = (letters(&known), letters(&key));
    one.len().min(other.len()) >= 5 && one != other && differ_by_one(&one, &other)
}

/// Whether one letter is missing, wrong, or has changed places with its neighbour.
fn differ_by_one(one: &[char], other: &[char]) -> bool {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => match (short, long) {
            ([a, b, rest @ ..], [c, d, others @ ..]) if a == d && b == c && rest == others => true,
            ([_, rest @ ..], [_, others @ ..]) => rest == others,
            _ => false,
        },
        1 => short == &long[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn doubts(values: Value, overlay: Value) -> Vec<String> {
        let doubts = of(&values, overlay.as_object().unwrap());
        doubts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn keys_that_nearly_are_those_of_the_values_are_doubted() {
        for (known, key) in [
            ("kubeProxyReplacement", "kubeProxyReplacment"),
            ("kubeProxyReplacement", "kubeProxyReplacemnet"),
            ("kubeProxyReplacement", "kubeProxyReplacementt"),
            ("kubeProxyReplacement", "kubeProxyReplasement"),
            ("kubeProxyReplacement", "kube_proxy_replacement"),
            ("replicas", "replica"),
            ("cni", "CNI"),
        ] {
            let found = doubts(json!({"a": {known: 1}}), json!({"a": {key: 1}}));
            let expected = format!("the overlay sets `a.{key}`; the values have `{known}`");
            assert_eq!(found, [expected]);
        }
        for (known, key) in [
            ("http", "https"),
            ("minReplicas", "maxReplicas"),
            ("zoneOne1", "zoneOne2"),
            ("readinessProbe", "livenessProbe"),
            ("ipv4", "ipv6"),
            ("ingress", "egress"),
        ] {
            let found = doubts(json!({known: 1}), json!({key: 1}));
            assert_eq!(found, [""; 0], "{known} {key}");
        }
        // Names of one's own, and both keys at once.
        for (values, overlay) in [
            (
                json!({"podLabels": {"teams-a": "x"}}),
                json!({"podLabels": {"team-a": "x"}}),
            ),
            (
                json!({"env": {"database": "off"}}),
                json!({"env": {"databases": "x"}}),
            ),
            (json!({"replicas": 1}), json!({"replicas": 2, "replica": 1})),
        ] {
            assert_eq!(doubts(values, overlay), [""; 0]);
        }
    }

    #[test]
    fn another_type_than_the_values_have_is_doubted() {
        for (known, over, found, expected) in [
            (json!(true), json!("true"), "a string", "a boolean"),
            (json!(true), json!(1), "a number", "a boolean"),
            (json!(1), json!("1"), "a string", "a number"),
            (json!("a"), json!(true), "a boolean", "a string"),
            (json!("a"), json!(["a"]), "a list", "a string"),
            (json!([]), json!({"a": 1}), "a map", "a list"),
            (json!(1), json!("one"), "a string", "a number"),
        ] {
            let found =
                format!("the overlay has {found} at `a.b`, where the values have {expected}");
            assert_eq!(
                doubts(json!({"a": {"b": known}}), json!({"a": {"b": over}})),
                [found]
            );
        }
        for (known, over) in [
            (json!(1), json!(2.5)),
            (json!("100m"), json!(1)),
            (json!(1), json!("500m")),
            (json!(1), json!("50%")),
            (json!(null), json!(true)),
            (json!(true), json!(null)),
            (json!({"a": 1}), json!({"b": "new"})),
        ] {
            assert_eq!(
                doubts(json!({"b": known}), json!({"b": over})),
                [""; 0],
                "{known} {over}"
            );
        }
    }
}
