//! Patterns: values with wildcards, operators and anchors, laid over an object.

use std::cmp::Ordering;

use kube_vocab::{FieldPath, Quantity, duration};
use serde_json::{Map, Value};

use super::wildcard;

/// Why an object does not fit a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Miss {
    /// A condition does not hold: the pattern is not about this.
    Skip,
    /// It does not fit at this place.
    At(FieldPath),
}

/// Lays a pattern over a value.
pub(super) fn fits(value: &Value, pattern: &Value) -> Result<(), Miss> {
    element(Some(value), pattern, &FieldPath::root())
}

fn element(value: Option<&Value>, pattern: &Value, path: &FieldPath) -> Result<(), Miss> {
    let miss = || Err(Miss::At(path.clone()));
    match pattern {
        Value::Object(members) => match value {
            Some(Value::Object(of_value)) => map(of_value, members, path),
            _ => miss(),
        },
        Value::Array(items) => match value {
            Some(Value::Array(of_value)) => list(of_value, items, path),
            _ => miss(),
        },
        scalar => {
            let fits = match value {
                Some(Value::Array(items)) => items.iter().all(|item| scalar_fits(item, scalar)),
                Some(value) => scalar_fits(value, scalar),
                None => scalar_fits(&Value::Null, scalar),
            };
            if fits { Ok(()) } else { miss() }
        }
    }
}

/// What stands around a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Anchor {
    Condition,
    Negation,
    Equality,
    Existence,
    Global,
    None,
}

fn anchor(key: &str) -> (Anchor, &str) {
    let inner = |prefix: &str| key.strip_prefix(prefix)?.strip_suffix(')');
    for (prefix, anchor) in [
        ("(", Anchor::Condition),
        ("X(", Anchor::Negation),
        ("=(", Anchor::Equality),
        ("^(", Anchor::Existence),
        ("<(", Anchor::Global),
    ] {
        if let Some(inner) = inner(prefix) {
            return (anchor, inner);
        }
    }
    (Anchor::None, key)
}

/// Whether there are conditions inside: those come first.
fn has_conditions(pattern: &Value) -> bool {
    match pattern {
        Value::Object(members) => members.iter().any(|(key, value)| {
            matches!(anchor(key).0, Anchor::Condition | Anchor::Global) || has_conditions(value)
        }),
        Value::Array(items) => items.iter().any(has_conditions),
        _ => false,
    }
}

fn map(
    value: &Map<String, Value>,
    pattern: &Map<String, Value>,
    path: &FieldPath,
) -> Result<(), Miss> {
    let mut members: Vec<(Anchor, &str, &Value)> = pattern
        .iter()
        .map(|(key, of_key)| {
            let (anchor, key) = anchor(key);
            (anchor, key, of_key)
        })
        .collect();
    members.sort_by_key(|(anchor, _, of_key)| (*anchor, !has_conditions(of_key)));
    for (anchor, key, of_key) in members {
        let key = spelled(value, key, path);
        let below = path.clone().field(key);
        let found = value.get(key);
        match (anchor, found) {
            (Anchor::Condition, None) => return Err(Miss::Skip),
            (Anchor::Condition | Anchor::Global, Some(found)) => {
                element(Some(found), of_key, &below).map_err(|_| Miss::Skip)?;
            }
            (Anchor::Negation, Some(_)) => return Err(Miss::At(below)),
            (Anchor::Equality, Some(found)) => element(Some(found), of_key, &below)?,
            (Anchor::Existence, Some(found)) => exists(found, of_key, &below)?,
            (Anchor::None, found) => match (of_key, found) {
                (Value::String(any), None | Some(Value::Null)) if any == "*" => {
                    return Err(Miss::At(below));
                }
                (Value::String(any), Some(_)) if any == "*" => {}
                _ => element(found, of_key, &below)?,
            },
            (Anchor::Negation | Anchor::Equality | Anchor::Existence | Anchor::Global, None) => {}
        }
    }
    Ok(())
}

/// The key that is meant: labels and annotations may be named with wildcards, and the first that fits is meant.
fn spelled<'a>(value: &'a Map<String, Value>, key: &'a str, path: &FieldPath) -> &'a str {
    let of_data = path.segments().last().is_some_and(|last| {
        ["labels", "annotations"]
            .iter()
            .any(|name| *last == kube_vocab::Segment::Field((*name).to_owned()))
    });
    if !of_data || !wildcard::is_pattern(key) {
        return key;
    }
    let mut keys = value.keys().filter(|known| wildcard::matches(key, known));
    keys.next().map_or(key, String::as_str)
}

/// Each pattern fits at least one item.
fn exists(found: &Value, pattern: &Value, path: &FieldPath) -> Result<(), Miss> {
    let (Value::Array(items), Value::Array(patterns)) = (found, pattern) else {
        return Err(Miss::At(path.clone()));
    };
    let each = |pattern: &Value| {
        let mut items = items.iter().enumerate();
        items.any(|(at, item)| element(Some(item), pattern, &path.clone().index(at)).is_ok())
    };
    match patterns.iter().all(each) {
        true => Ok(()),
        false => Err(Miss::At(path.clone())),
    }
}

fn list(items: &[Value], patterns: &[Value], path: &FieldPath) -> Result<(), Miss> {
    let Some(first) = patterns.first() else {
        return Err(Miss::At(path.clone()));
    };
    // A map is laid over each item, and a scalar too; other lists go item by item.
    let pairs: Vec<(usize, &Value, &Value)> = match first {
        Value::Array(_) if items.len() < patterns.len() => return Err(Miss::At(path.clone())),
        Value::Array(_) => (items.iter().zip(patterns).enumerate())
            .map(|(at, (item, pattern))| (at, item, pattern))
            .collect(),
        _ => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at, item, first))
            .collect(),
    };
    let (mut applied, mut skipped) = (0, 0);
    for (at, item, pattern) in pairs {
        match element(Some(item), pattern, &path.clone().index(at)) {
            Ok(()) => applied += 1,
            Err(Miss::Skip) => skipped += 1,
            Err(miss) => return Err(miss),
        }
    }
    match applied == 0 && skipped > 0 {
        true => Err(Miss::Skip),
        false => Ok(()),
    }
}

fn scalar_fits(value: &Value, pattern: &Value) -> bool {
    match pattern {
        Value::Bool(flag) => value.as_bool() == Some(*flag),
        Value::Null => match value {
            Value::Null => true,
            Value::Bool(flag) => !flag,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty(),
            _ => false,
        },
        Value::Number(wanted) => match value {
            Value::Number(number) => number.as_f64() == wanted.as_f64(),
            Value::String(text) => text.parse::<f64>().ok() == wanted.as_f64(),
            _ => false,
        },
        Value::String(text) => text_fits(value, text),
        Value::Object(_) => value.is_object(),
        Value::Array(_) => false,
    }
}

/// Whether a value fits a text with `|`, `&`, operators and wildcards.
pub(super) fn text_fits(value: &Value, pattern: &str) -> bool {
    value.as_str() == Some(pattern)
        || pattern
            .split('|')
            .any(|choice| choice.split('&').all(|one| one_fits(value, one.trim())))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    More,
    Less,
    MoreEqual,
    LessEqual,
}

impl Operator {
    fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::More => order == Ordering::Greater,
            Self::Less => order == Ordering::Less,
            Self::MoreEqual => order != Ordering::Less,
            Self::LessEqual => order != Ordering::Greater,
        }
    }
}

fn one_fits(value: &Value, pattern: &str) -> bool {
    if let Some((low, high)) = range(pattern, "!-") {
        return compare(value, low, Operator::Less) || compare(value, high, Operator::More);
    }
    if let Some((low, high)) = range(pattern, "-") {
        return compare(value, low, Operator::MoreEqual)
            && compare(value, high, Operator::LessEqual);
    }
    for (sign, operator) in [
        (">=", Operator::MoreEqual),
        ("<=", Operator::LessEqual),
        (">", Operator::More),
        ("<", Operator::Less),
        ("!", Operator::NotEqual),
    ] {
        if let Some(rest) = pattern.strip_prefix(sign).filter(|rest| !rest.is_empty()) {
            return compare(value, rest.trim(), operator);
        }
    }
    compare(value, pattern, Operator::Equal)
}

/// `1-10` and `10Mi!-1Gi`: both ends are numbers, perhaps with a unit.
pub(super) fn range<'p>(pattern: &'p str, sign: &str) -> Option<(&'p str, &'p str)> {
    let is_amount = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']);
        let number = digits.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.starts_with(|c: char| c.is_ascii_digit()) && number.parse::<f64>().is_ok()
    };
    // The first character may be a sign.
    let at = pattern.get(1..)?.find(sign)? + 1;
    let (low, high) = (&pattern[..at], &pattern[at + sign.len()..]);
    (is_amount(low) && is_amount(high)).then_some((low, high))
}

fn compare(value: &Value, pattern: &str, operator: Operator) -> bool {
    let amount = match value {
        // What is not there counts as nothing.
        Value::Null => Some("0".to_owned()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if let Some(order) = amount.and_then(|amount| order(&amount, pattern))
        && operator.accepts(order)
    {
        return true;
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return false,
    };
    match operator {
        Operator::Equal => wildcard::matches(pattern, &text),
        Operator::NotEqual => !wildcard::matches(pattern, &text),
        _ => false,
    }
}

/// The order of two durations or two amounts; nothing where they are neither.
pub(super) fn order(one: &str, other: &str) -> Option<Ordering> {
    let durations = || {
        Some(
            duration::parse_go(one)
                .ok()?
                .cmp(&duration::parse_go(other).ok()?),
        )
    };
    let amounts = || {
        Some(
            one.parse::<Quantity>()
                .ok()?
                .cmp(&other.parse::<Quantity>().ok()?),
        )
    };
    amounts().or_else(durations)
}
