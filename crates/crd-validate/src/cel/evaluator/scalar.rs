//! Functions of strings, numbers and versions, counted and converted as a server does.

use std::sync::{Arc, OnceLock};

use kube_cel::KubeCelExt;
use kube_cel::cel::extractors::{Arguments, This};
use kube_cel::cel::{Context, ExecutionError, FunctionContext, ResolveResult, Value as Cel};

use crate::cel::grammar;

pub(super) fn register(context: &mut Context<'_>) {
    context.add_function("size", size);
    context.add_function("split", split);
    context.add_function("charAt", char_at);
    context.add_function("sum", sum);
    context.add_function("bool", boolean);
    context.add_function("string", string);
    context.add_function("int", integer);
    context.add_function("timestamp", timestamp);
    context.add_function("isSemver", is_semver);
}

/// What the evaluator itself makes of a value with one of its functions.
fn evaluators_own(function: &str, value: Cel) -> ResolveResult {
    static OWN: OnceLock<Context<'static>> = OnceLock::new();
    let mut context = OWN
        .get_or_init(|| Context::default().with_all())
        .new_inner_scope();
    context.add_variable_from_value("x", value);
    // The evaluator's own parser would take longer than all else here.
    match grammar::read(&format!("{function}(x)")) {
        Some(call) => context.resolve(&call),
        None => Err(ExecutionError::NoSuchOverload),
    }
}

fn length(count: usize) -> Cel {
    Cel::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Of a string, the number of characters, not of bytes.
fn size(This(value): This<Cel>) -> ResolveResult {
    match value {
        Cel::String(text) => Ok(length(text.chars().count())),
        Cel::Bytes(bytes) => Ok(length(bytes.len())),
        Cel::List(items) => Ok(length(items.len())),
        Cel::Map(map) => Ok(length(map.map.len())),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// `split(separator)` and `split(separator, most)`. Nothing separates characters; a negative `most` is no bound.
fn split(This(text): This<Arc<String>>, Arguments(arguments): Arguments) -> ResolveResult {
    let (separator, most) = match arguments.as_slice() {
        [Cel::String(separator)] => (separator, usize::MAX),
        [Cel::String(separator), Cel::Int(most)] => {
            (separator, usize::try_from(*most).unwrap_or(usize::MAX))
        }
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let part = |part: &str| Cel::String(Arc::new(part.to_owned()));
    let parts: Vec<Cel> = if most == 0 {
        Vec::new()
    } else if separator.is_empty() {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            if parts.len() + 1 == most {
                break;
            }
            let (head, tail) = rest.split_at(first.len_utf8());
            parts.push(part(head));
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(part(rest));
        }
        parts
    } else {
        text.splitn(most, separator.as_str()).map(part).collect()
    };
    Ok(Cel::List(Arc::new(parts)))
}

/// The character at a place; at the end, nothing.
fn char_at(
    context: &FunctionContext<'_, '_>,
    This(text): This<Arc<String>>,
    index: i64,
) -> ResolveResult {
    let out_of_range = || context.error(format!("there is no character {index}"));
    let index = usize::try_from(index).map_err(|_| out_of_range())?;
    let found = match text.chars().nth(index) {
        Some(character) => character.to_string(),
        None if text.chars().count() == index => String::new(),
        None => return Err(out_of_range()),
    };
    Ok(Cel::String(Arc::new(found)))
}

/// The sum of numbers or durations; one that is too large is an error.
fn sum(context: &FunctionContext<'_, '_>, This(items): This<Arc<Vec<Cel>>>) -> ResolveResult {
    let mut items = items.iter().cloned();
    let Some(mut total) = items.next() else {
        return Ok(Cel::Int(0));
    };
    for item in items {
        let next = match (&total, &item) {
            (Cel::Int(a), Cel::Int(b)) => a.checked_add(*b).map(Cel::Int),
            (Cel::UInt(a), Cel::UInt(b)) => a.checked_add(*b).map(Cel::UInt),
            (Cel::Float(a), Cel::Float(b)) => Some(Cel::Float(a + b)),
            (Cel::Duration(a), Cel::Duration(b)) => a.checked_add(b).map(Cel::Duration),
            _ => return Err(ExecutionError::NoSuchOverload),
        };
        total = next.ok_or_else(|| context.error("the sum is too large"))?;
    }
    Ok(total)
}

fn boolean(context: &FunctionContext<'_, '_>, value: Cel) -> ResolveResult {
    match value {
        Cel::Bool(flag) => Ok(Cel::Bool(flag)),
        Cel::String(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Cel::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Cel::Bool(false)),
            _ => Err(context.error(format!("\"{text}\" is neither true nor false"))),
        },
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// `string` of what the evaluator cannot write itself, as the server writes it.
fn string(value: Cel) -> ResolveResult {
    let text = match &value {
        Cel::Bool(flag) => flag.to_string(),
        Cel::Duration(span) => {
            let nanoseconds = span.num_nanoseconds().unwrap_or_default();
            format!("{}s", nanoseconds as f64 / 1e9)
        }
        Cel::Timestamp(time) => time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        _ => return evaluators_own("string", value),
    };
    Ok(Cel::String(Arc::new(text)))
}

fn integer(value: Cel) -> ResolveResult {
    match value {
        Cel::Timestamp(time) => Ok(Cel::Int(time.timestamp())),
        other => evaluators_own("int", other),
    }
}

/// `timestamp` of a text or of the seconds since 1970.
fn timestamp(context: &FunctionContext<'_, '_>, value: Cel) -> ResolveResult {
    let time = match value {
        Cel::Timestamp(time) => Some(time),
        Cel::Int(seconds) => {
            chrono::DateTime::from_timestamp(seconds, 0).map(|time| time.fixed_offset())
        }
        Cel::String(text) => chrono::DateTime::parse_from_rfc3339(&text)
            .ok()
            .filter(|_| text.contains('T') && !text.ends_with('z')),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let in_range = |time: &chrono::DateTime<chrono::FixedOffset>| {
        (1..=9999).contains(&chrono::Datelike::year(&time.naive_utc()))
    };
    time.filter(in_range)
        .map(Cel::Timestamp)
        .ok_or_else(|| context.error("not a time such as 2006-01-02T15:04:05Z"))
}

/// `isSemver(text)`, and `isSemver(text, true)` for one that is written loosely: `v1.2`, `01.2.3`.
fn is_semver(Arguments(arguments): Arguments) -> ResolveResult {
    match arguments.as_slice() {
        [Cel::String(text)] | [Cel::String(text), Cel::Bool(false)] => {
            Ok(Cel::Bool(is_version(text)))
        }
        [Cel::String(text), Cel::Bool(true)] => {
            Ok(Cel::Bool(tidy(text).is_some_and(|text| is_version(&text))))
        }
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// The version without the `v` and leading zeros, filled up to three numbers.
fn tidy(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text
        .splitn(3, '.')
        .map(|part| {
            let bare = part.trim_start_matches('0');
            match bare.chars().next() {
                _ if part.len() < 2 => part.to_owned(),
                Some(first) if first.is_ascii_digit() => bare.to_owned(),
                _ => format!("0{bare}"),
            }
        })
        .collect();
    if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
        return None;
    }
    parts.resize(3, "0".to_owned());
    Some(parts.join("."))
}

fn is_version(text: &str) -> bool {
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
            && part.parse::<u64>().is_ok()
    };
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (numbers, release) = match rest.split_once('-') {
        Some((numbers, release)) => (numbers, Some(release)),
        None => (rest, None),
    };
    let numbers: Vec<&str> = numbers.split('.').collect();
    numbers.len() == 3
        && numbers.into_iter().all(number)
        && release.is_none_or(|release| {
            release.split('.').all(|part| {
                word(part) && (number(part) || !part.bytes().all(|byte| byte.is_ascii_digit()))
            })
        })
        && build.is_none_or(|build| build.split('.').all(word))
}
