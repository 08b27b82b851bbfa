//! Whether a value has the shape that its schema asks for.

use serde_json::Number;

use crate::value::{Map, Value};

use super::describe::{alternatives, counted};
use super::{
    Additional, Bound, Format, Schema, Types, canonical, is_unchanged, old_item, type_name,
};
use crate::fault::{Fault, Source, cut};
use kube_vocab::Path;

/// Reports every way in which `value` differs from `schema`. What an update leaves as it was is not judged again: `old`
/// is the value before, where the two belong together.
pub(crate) fn check(
    value: &Value,
    old: Option<&Value>,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
) {
    if old.is_some_and(|old| is_unchanged(value, old, schema)) {
        return;
    }
    let before = findings.len();
    check_type(value, schema, path, findings);
    if value.is_null() {
        check_allowed(value, schema, path, findings);
        return;
    }
    // A value of another type breaks no bound of its own: one fault, one finding.
    if findings.len() > before {
        return;
    }
    match value {
        Value::String(text) => check_string(text, schema, path, findings),
        Value::Number(number) => check_number(number, schema, path, findings),
        Value::Array(items) => check_array(items, old, schema, path, findings),
        Value::Object(members) => check_object(members, old, schema, path, findings),
        Value::Null | Value::Bool(_) => {}
    }
    check_allowed(value, schema, path, findings);
    check_unions(value, schema, path, findings, before);
}

/// Whether `value` has the shape, without saying why not.
fn fits(value: &Value, schema: &Schema, path: &Path<'_>) -> bool {
    if is_lacking(value, schema, LOOK) {
        return false;
    }
    let mut findings = Vec::new();
    check(value, None, schema, path, &mut findings);
    findings.is_empty()
}

/// How many unions inside each other are looked into before a value is checked.
const LOOK: usize = 3;

/// Whether a value lacks a member that the schema requires, as the alternatives of most unions do: it surely has not the shape, and
/// no fault needs to be made to know that.
fn is_lacking(value: &Value, schema: &Schema, look: usize) -> bool {
    let (Value::Object(members), Some(look)) = (value, look.checked_sub(1)) else {
        return false;
    };
    let lacks = |branch: &Schema| is_lacking(value, branch, look);
    let lack_all = |branches: &[Schema]| !branches.is_empty() && branches.iter().all(lacks);
    schema
        .required
        .iter()
        .any(|name| !members.contains_key(name))
        || lack_all(&schema.any_of)
        || lack_all(&schema.one_of)
        || schema.all_of.iter().any(lacks)
}

fn blocking(path: &Path<'_>, message: String) -> Fault {
    Fault::blocking(Source::Schema, *path, message)
}

fn plain(path: &Path<'_>, message: String) -> Fault {
    Fault::new(Source::Schema, *path, message)
}

fn check_type(value: &Value, schema: &Schema, path: &Path<'_>, findings: &mut Vec<Fault>) {
    let types = schema.types;
    if value.is_null() {
        if !types.is_empty() && !schema.nullable {
            findings.push(blocking(path, format!("must be {}, not null", a(types))));
        }
        return;
    }
    if types.is_empty() {
        let unformatted = match schema.format {
            None => false,
            Some(Format::Quantity) => !matches!(value, Value::String(_) | Value::Number(_)),
            // A server lets a list pass, here and below.
            Some(_) => !matches!(value, Value::String(_) | Value::Array(_)),
        };
        if let Some(format) = schema.format.filter(|_| unformatted) {
            let message = format!("must be {}, not {}", format.allowed(), shown(value));
            findings.push(blocking(path, message));
        }
        return;
    }
    // A server lets a list pass where a formatted string is expected.
    let formatted = schema
        .format
        .is_some_and(|format| format.is_for_strings() && format != Format::GoBytes)
        && !types.has(Types::NUMBER.union(Types::INTEGER))
        && matches!(value, Value::String(_) | Value::Array(_));
    let found = Types::named(type_name(value));
    let integral = match value {
        Value::Number(number) => number.as_f64().is_some_and(is_near_integer),
        _ => false,
    };
    let fits = types.has(found)
        || formatted
        || (found == Types::INTEGER && types.has(Types::NUMBER))
        || (integral && types.has(Types::INTEGER));
    if !fits {
        // In YAML, `y`, `on` and `08` are no strings, to the surprise of many.
        let quotable = types == Types::STRING && (value.is_boolean() || value.is_number());
        let hint = if quotable { "; quote it" } else { "" };
        let message = format!("must be {}, not {}{hint}", a(types), shown(value));
        findings.push(blocking(path, message));
    }
}

/// As a message names what it wanted: "a string", "an object".
fn a(types: Types) -> String {
    let names = types.names();
    if names.starts_with(['a', 'i', 'o']) {
        format!("an {names}")
    } else {
        format!("a {names}")
    }
}

/// A value for a message: its type, and itself where it is short.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Null => "null".to_owned(),
        other => format!("the {} {}", type_name(other), short(other)),
    }
}

fn short(value: &Value) -> String {
    cut(&value.to_string(), 80)
}

fn check_allowed(value: &Value, schema: &Schema, path: &Path<'_>, findings: &mut Vec<Fault>) {
    if schema.allowed.is_empty() || schema.allowed.iter().any(|allowed| same(allowed, value)) {
        return;
    }
    let allowed: Vec<String> = schema.allowed.iter().map(ToString::to_string).collect();
    findings.push(blocking(
        path,
        format!("{} is not one of: {}", short(value), allowed.join(", ")),
    ));
}

/// Equality as the server has it: it converts the value to the type of the allowed one. A number is cut to an integer, and
/// an integer is the character of that code.
fn same(allowed: &Value, value: &Value) -> bool {
    match (allowed, value) {
        (Value::Number(allowed), Value::Number(value)) => {
            match (allowed.as_i64(), value.as_f64()) {
                (Some(allowed), Some(float)) => value.as_i64().unwrap_or(float as i64) == allowed,
                (_, float) => allowed.as_f64() == float,
            }
        }
        (Value::String(allowed), Value::Number(value)) => value
            .as_u64()
            .and_then(|code| char::from_u32(u32::try_from(code).ok()?))
            .is_some_and(|character| allowed.chars().eq([character])),
        _ => allowed == value,
    }
}

fn check_string(text: &str, schema: &Schema, path: &Path<'_>, findings: &mut Vec<Fault>) {
    if let Some(format) = schema.format
        && !format.accepts(text)
    {
        findings.push(blocking(
            path,
            format!("{} must be {}", short(&text.into()), format.allowed()),
        ));
        return;
    }
    if schema.min_length.is_none() && schema.max_length.is_none() && schema.pattern.is_none() {
        return;
    }
    let length = text.chars().count() as u64;
    if let Some(most) = schema.max_length
        && length > most
    {
        let message = format!(
            "must have at most {}, has {length}",
            counted(most, "character")
        );
        findings.push(blocking(path, message));
    } else if let Some(least) = schema.min_length
        && length < least
    {
        let message = format!(
            "must have at least {}, has {length}",
            counted(least, "character")
        );
        findings.push(plain(path, message));
    } else if let Some(pattern) = &schema.pattern
        && !pattern.is_match(text)
    {
        let message = format!("{} must {}", short(&text.into()), pattern.demand());
        findings.push(plain(path, message));
    }
}

fn check_number(number: &Number, schema: &Schema, path: &Path<'_>, findings: &mut Vec<Fault>) {
    let Some(float) = number.as_f64() else { return };
    if !in_range(number.as_i64(), float, schema) {
        let allowed = schema.format.unwrap_or(Format::Int64).allowed();
        findings.push(plain(path, format!("{number} must be {allowed}")));
        return;
    }
    // A bound that no value of the type can be is no reason for a server to refuse the definition, but every value.
    let bounds = [
        schema.multiple_of,
        schema.maximum.map(|bound| bound.value),
        schema.minimum.map(|bound| bound.value),
    ];
    if let Some(bound) = bounds
        .into_iter()
        .flatten()
        .find(|bound| !in_range(None, *bound, schema))
    {
        let allowed = schema.format.unwrap_or(Format::Int64).allowed();
        let message = format!(
            "no value is taken: the definition compares with {bound}, which is not {allowed}"
        );
        findings.push(plain(path, message));
        return;
    }
    if let Some(factor) = schema.multiple_of
        && !is_multiple(number, float, factor)
    {
        findings.push(plain(
            path,
            format!("{number} must be a multiple of {factor}"),
        ));
    }
    if let Some(Bound { value, exclusive }) = schema.maximum
        && (compare(number, float, value).is_gt()
            || (exclusive && compare(number, float, value).is_eq()))
    {
        let relation = if exclusive { "less than" } else { "at most" };
        findings.push(plain(path, format!("{number} must be {relation} {value}")));
    }
    if let Some(Bound { value, exclusive }) = schema.minimum
        && (compare(number, float, value).is_lt()
            || (exclusive && compare(number, float, value).is_eq()))
    {
        let relation = if exclusive { "more than" } else { "at least" };
        findings.push(plain(path, format!("{number} must be {relation} {value}")));
    }
}

/// Whether a number is one of the type and format of the schema.
fn in_range(integer: Option<i64>, float: f64, schema: &Schema) -> bool {
    if schema.types == Types::INTEGER {
        let limits = f64::from(i32::MIN)..=f64::from(i32::MAX);
        (integer.is_some() || (float.fract() == 0.0 && in_i64(float)))
            && (schema.format != Some(Format::Int32) || limits.contains(&float))
    } else {
        schema.format != Some(Format::Float) || float.abs() <= f64::from(f32::MAX)
    }
}

fn in_i64(float: f64) -> bool {
    // The bounds of 64 bits, the upper one excluded, are exact in a float.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float)
}

/// Compares with a bound, exactly where the number is an integer; the server then cuts the bound to an integer.
fn compare(number: &Number, float: f64, bound: f64) -> std::cmp::Ordering {
    match number.as_i64() {
        Some(integer) if in_i64(bound) => integer.cmp(&(bound.trunc() as i64)),
        _ => float
            .partial_cmp(&bound)
            .unwrap_or(std::cmp::Ordering::Equal),
    }
}

/// As the server divides: integers by the factor cut to an integer, which may be nothing at all.
fn is_multiple(number: &Number, float: f64, factor: f64) -> bool {
    match number.as_i64() {
        Some(integer) => {
            let factor = factor as i64;
            factor > 0 && integer.wrapping_rem(factor) == 0
        }
        None if factor <= 0.0 => false,
        None if factor < 1.0 => is_near_integer(1.0 / factor * float),
        None => is_near_integer(float / factor),
    }
}

/// Whether a float is an integer of at most 53 bits, or so little above one that it counts as one.
fn is_near_integer(float: f64) -> bool {
    let whole = float.trunc();
    float.abs() < 9_007_199_254_740_992.0
        && (float == whole
            || (float > 0.0 && (float - whole) / (float + whole) < 1e-9 && whole > 0.0))
}

fn check_array(
    items: &[Value],
    old: Option<&Value>,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
) {
    if let Some(each) = &schema.items {
        for (index, item) in items.iter().enumerate() {
            let old = old_item(schema, item, old);
            check(item, old, each, &path.index(index), findings);
        }
    }
    let length = items.len() as u64;
    if let Some(least) = schema.min_items
        && length < least
    {
        findings.push(plain(
            path,
            format!(
                "must have at least {}, has {length}",
                counted(least, "item")
            ),
        ));
    }
    if let Some(most) = schema.max_items
        && length > most
    {
        findings.push(blocking(
            path,
            format!("must have at most {}, has {length}", counted(most, "item")),
        ));
    }
    if schema.unique_items {
        let mut seen = std::collections::HashSet::new();
        if !items.iter().all(|item| seen.insert(canonical(item))) {
            findings.push(plain(path, "no item may appear twice".to_owned()));
        }
    }
}

fn check_object(
    members: &Map,
    old: Option<&Value>,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
) {
    let count = members.len() as u64;
    if let Some(least) = schema.min_properties
        && count < least
    {
        findings.push(plain(
            path,
            format!(
                "must have at least {}, has {count}",
                counted(least, "member")
            ),
        ));
    }
    if let Some(most) = schema.max_properties
        && count > most
    {
        findings.push(blocking(
            path,
            format!("must have at most {}, has {count}", counted(most, "member")),
        ));
    }
    for (name, member) in members {
        let at = path.field(name);
        let old = old.and_then(|old| old.get(name));
        match (schema.properties.get(name.as_str()), &schema.additional) {
            (Some(property), _) => check(member, old, property, &at, findings),
            (None, Additional::Schema(additional)) => check(member, old, additional, &at, findings),
            (None, Additional::Allowed(false)) => {
                findings.push(plain(&at, "is not allowed here".to_owned()));
            }
            (None, Additional::Allowed(true) | Additional::Unsaid) => {}
        }
    }
    for name in &schema.required {
        if !members.contains_key(name) {
            findings.push(blocking(&path.field(name), "is required".to_owned()));
        }
    }
}

/// `allOf`, `anyOf`, `oneOf` and `not`. A fault that is reported already is not reported again as a broken union.
fn check_unions(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
    before: usize,
) {
    for branch in &schema.all_of {
        check_new(value, branch, path, findings, before);
    }
    if !schema.any_of.is_empty()
        && let Err(faults) = first_fit(value, &schema.any_of, path)
        && is_news(&faults, &findings[before..])
    {
        let rule = "must be at least one of the alternatives";
        report_union(value, &schema.any_of, faults, path, findings, rule);
    }
    if !schema.one_of.is_empty() {
        match first_fit(value, &schema.one_of, path) {
            Err(faults) if is_news(&faults, &findings[before..]) => {
                let rule = "must be one of the alternatives";
                report_union(value, &schema.one_of, faults, path, findings, rule);
            }
            Err(_) => {}
            Ok(first) => {
                let (_, rest) = schema.one_of.split_at(first);
                let fitting: Vec<&Schema> = rest
                    .iter()
                    .enumerate()
                    .filter(|(index, branch)| *index == 0 || fits(value, branch, path))
                    .map(|(_, branch)| branch)
                    .collect();
                if fitting.len() > 1 {
                    let message = format!(
                        "must be exactly one of the alternatives, is {} of them: {}",
                        fitting.len(),
                        alternatives(&schema.one_of, fitting)
                    );
                    findings.push(plain(path, message));
                }
            }
        }
    }
    if let Some(not) = &schema.not
        && fits(value, not, path)
    {
        let forbidden = match not.describe() {
            text if text.is_empty() => "must not have this shape".to_owned(),
            text => format!("must not be: {text}"),
        };
        findings.push(plain(path, forbidden));
    }
}

/// The first branch that fits, or what is wrong with each of them.
fn first_fit(
    value: &Value,
    branches: &[Schema],
    path: &Path<'_>,
) -> Result<usize, Vec<Vec<Fault>>> {
    let faults_of = |branch: &Schema| {
        let mut faults = Vec::new();
        check(value, None, branch, path, &mut faults);
        faults
    };
    let mut known: Vec<Option<Vec<Fault>>> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let lacking = is_lacking(value, branch, LOOK);
        let faults = (!lacking).then(|| faults_of(branch));
        if faults.as_ref().is_some_and(Vec::is_empty) {
            return Ok(index);
        }
        known.push(faults);
    }
    let all = known.into_iter().zip(branches);
    Err(all
        .map(|(known, branch)| known.unwrap_or_else(|| faults_of(branch)))
        .collect())
}

/// Whether no branch would fit if the faults that are known already were mended.
fn is_news(faults: &[Vec<Fault>], known: &[Fault]) -> bool {
    faults.iter().all(|faults| {
        faults
            .iter()
            .any(|fault| known.iter().all(|known| known.path != fault.path))
    })
}

/// Adds what `branch` reports and the node itself has not.
fn check_new(
    value: &Value,
    branch: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
    before: usize,
) {
    let mut more = Vec::new();
    check(value, None, branch, path, &mut more);
    for finding in more {
        let known = findings[before..]
            .iter()
            .any(|earlier| earlier.path == finding.path);
        if !known {
            findings.push(finding);
        }
    }
}

/// No alternative fits: the faults of the only alternative, or the list of alternatives.
fn report_union(
    value: &Value,
    branches: &[Schema],
    mut faults: Vec<Vec<Fault>>,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
    rule: &str,
) {
    if let [_] = branches {
        findings.append(&mut faults.remove(0));
        return;
    }
    let allowed = alternatives(branches, branches);
    let found = match value {
        Value::Object(_) | Value::Array(_) => String::new(),
        scalar => format!("{} ", short(scalar)),
    };
    // The server adds the faults of the branch that comes nearest; rules wait for those alone.
    let nearest = faults.iter().min_by_key(|faults| faults.len());
    let blocks_rules = nearest.is_some_and(|faults| faults.iter().any(|fault| fault.blocks_rules));
    findings.push(Fault {
        blocks_rules,
        ..plain(path, format!("{found}{rule}: {allowed}"))
    });
}
