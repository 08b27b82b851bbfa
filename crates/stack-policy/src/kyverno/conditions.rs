//! Conditions: of preconditions and of `deny`.

use std::cmp::Ordering;

use serde_json::Value;

use super::variables::{Data, Unknown};
use super::{pattern, wildcard};

/// Whether conditions hold: `any` and `all`, or a plain list, of which all must hold.
pub(super) fn hold(conditions: &Value, data: &Data) -> Result<bool, Unknown> {
    match conditions {
        Value::Array(list) => {
            // A list of blocks, or of conditions.
            let mut unknown = None;
            for one in list {
                let is_block = one.get("any").is_some() || one.get("all").is_some();
                let result = if is_block {
                    hold(one, data)
                } else {
                    holds(one, data)
                };
                match result {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(reason) => unknown = Some(reason),
                }
            }
            unknown.map_or(Ok(true), Err)
        }
        Value::Object(block) => {
            let list = |member: &str| block.get(member).and_then(Value::as_array);
            let all = list("all").map_or(Ok(true), |list| hold(&Value::Array(list.clone()), data));
            if all == Ok(false) {
                return Ok(false);
            }
            let any = match list("any").filter(|list| !list.is_empty()) {
                None => Ok(true),
                Some(list) => any(list, data),
            };
            match (all, any) {
                (_, Ok(false)) => Ok(false),
                (Ok(true), any) => any,
                (unknown, _) => unknown,
            }
        }
        _ => Ok(true),
    }
}

fn any(list: &[Value], data: &Data) -> Result<bool, Unknown> {
    let mut unknown = None;
    for one in list {
        match holds(one, data) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => unknown = Some(reason),
        }
    }
    unknown.map_or(Ok(false), Err)
}

fn holds(condition: &Value, data: &Data) -> Result<bool, Unknown> {
    let member = |name: &str| {
        condition
            .get(name)
            .map_or(Ok(Value::Null), |value| data.fill(value))
    };
    let (key, value) = (member("key")?, member("value")?);
    let operator = condition
        .get("operator")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let order = || order(&key, &value);
    Ok(match operator.to_lowercase().as_str() {
        "equal" | "equals" => equal(&key, &value),
        "notequal" | "notequals" => !equal(&key, &value),
        "in" | "allin" => listed(&key, &value, &operator.to_lowercase(), |keys, is_in| {
            keys.iter().all(|key| is_in(key))
        }),
        "anyin" => listed(&key, &value, "anyin", |keys, is_in| {
            keys.iter().any(|key| is_in(key))
        }),
        "notin" | "allnotin" => listed(&key, &value, "allnotin", |keys, is_in| {
            !keys.iter().any(|key| is_in(key))
        }),
        "anynotin" => listed(&key, &value, "anynotin", |keys, is_in| {
            keys.iter().any(|key| !is_in(key))
        }),
        "greaterthan" | "durationgreaterthan" => order() == Some(Ordering::Greater),
        "greaterthanorequals" | "durationgreaterthanorequals" => {
            matches!(order(), Some(Ordering::Greater | Ordering::Equal))
        }
        "lessthan" | "durationlessthan" => order() == Some(Ordering::Less),
        "lessthanorequals" | "durationlessthanorequals" => {
            matches!(order(), Some(Ordering::Less | Ordering::Equal))
        }
        _ => return Err(format!("there is no operator `{operator}`")),
    })
}

fn equal(key: &Value, value: &Value) -> bool {
    match (key, value) {
        (Value::String(key), Value::String(value)) => {
            key == value
                || pattern::order(key, value) == Some(Ordering::Equal)
                || wildcard::matches(value, key)
        }
        (Value::Number(key), Value::Number(value)) => key.as_f64() == value.as_f64(),
        (Value::Number(key), Value::String(value)) | (Value::String(value), Value::Number(key)) => {
            value.parse::<f64>().ok() == key.as_f64()
                || pattern::order(&key.to_string(), value) == Some(Ordering::Equal)
        }
        (key, value) => key == value,
    }
}

/// What becomes of the keys, by whether each is listed.
type Decide = fn(&[String], &dyn Fn(&str) -> bool) -> bool;

/// Compares the items of a key with a list, a range or a text.
fn listed(key: &Value, value: &Value, operator: &str, decide: Decide) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let keys: Vec<String> = match key {
        Value::Null | Value::Object(_) => return operator.contains("not") && key.is_null(),
        Value::Array(items) => items.iter().map(text).collect(),
        one => vec![text(one)],
    };
    if let Value::String(range) = value
        && let Some((low, high)) = pattern::range(range, "-")
    {
        let inside = |key: &str| {
            pattern::order(key, low).is_some_and(|order| order != Ordering::Less)
                && pattern::order(key, high).is_some_and(|order| order != Ordering::Greater)
        };
        return decide(&keys, &inside);
    }
    let values: Vec<String> = match value {
        Value::Array(items) => items.iter().map(text).collect(),
        // A list may be written as JSON in a text.
        Value::String(one) => match serde_json::from_str::<Vec<Value>>(one) {
            Ok(items) => items.iter().map(text).collect(),
            Err(_) => vec![one.clone()],
        },
        Value::Null => Vec::new(),
        other => vec![text(other)],
    };
    let is_in = |key: &str| {
        let same = |value: &String| wildcard::matches(value, key) || wildcard::matches(key, value);
        values.iter().any(same)
    };
    decide(&keys, &is_in)
}

fn order(key: &Value, value: &Value) -> Option<Ordering> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (key, value) = (text(key)?, text(value)?);
    pattern::order(&key, &value).or_else(|| versions(&key, &value))
}

/// The order of two versions: `1.10.0` is later than `1.9.0`.
fn versions(one: &str, other: &str) -> Option<Ordering> {
    let parts = |text: &str| -> Option<Vec<u64>> {
        let core = text.trim_start_matches('v').split(['-', '+']).next()?;
        core.split('.').map(|part| part.parse().ok()).collect()
    };
    Some(parts(one)?.cmp(&parts(other)?))
}
