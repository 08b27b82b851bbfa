//! Macros that the evaluator's parser does not know, as functions of unevaluated arguments: comprehensions over two
//! variables, and those of optional values.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::common::ast::Expr;
use kube_cel::cel::objects::{Key, Map, OptionalValue};
use kube_cel::cel::parser::Expression;
use kube_cel::cel::{Context, ExecutionError, FunctionContext, ResolveResult, Value as Cel};

pub(super) fn register(context: &mut Context<'_>) {
    context.add_function("all", all);
    context.add_function("exists", exists);
    context.add_function("existsOne", exists_one);
    context.add_function("exists_one", exists_one);
    context.add_function("transformList", transform_list);
    context.add_function("transformMap", transform_map);
    context.add_function("transformMapEntry", transform_map_entry);
    context.add_function("sortBy", sort_by);
    context.add_function("optMap", opt_map);
    context.add_function("optFlatMap", opt_flat_map);
}

type Call<'c, 'e> = FunctionContext<'c, 'e>;

/// The name that an argument declares.
fn name(argument: &Expression) -> Result<&str, ExecutionError> {
    match &argument.expr {
        Expr::Ident(name) => Ok(name),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// Index and item of a list, key and value of a map.
fn pairs(call: &Call<'_, '_>) -> Result<Vec<(Cel, Cel)>, ExecutionError> {
    match &call.this {
        Some(Cel::List(items)) => Ok((0..).map(Cel::Int).zip(items.iter().cloned()).collect()),
        Some(Cel::Map(map)) => Ok(map
            .map
            .iter()
            .map(|(key, value)| (of_key(key), value.clone()))
            .collect()),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

fn of_key(key: &Key) -> Cel {
    match key {
        Key::Int(number) => Cel::Int(*number),
        Key::Uint(number) => Cel::UInt(*number),
        Key::Bool(flag) => Cel::Bool(*flag),
        Key::String(text) => Cel::String(Arc::clone(text)),
    }
}

fn to_key(value: Cel) -> Result<Key, ExecutionError> {
    match value {
        Cel::Int(number) => Ok(Key::Int(number)),
        Cel::UInt(number) => Ok(Key::Uint(number)),
        Cel::Bool(flag) => Ok(Key::Bool(flag)),
        Cel::String(text) => Ok(Key::String(text)),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// Evaluates the last arguments of the call for a pair: those after the two names.
fn evaluate(
    call: &Call<'_, '_>,
    pair: &(Cel, Cel),
    expression: &Expression,
) -> Result<Cel, ExecutionError> {
    let [first, second, ..] = call.args else {
        return Err(ExecutionError::NoSuchOverload);
    };
    let mut scope = call.ptx.new_inner_scope();
    scope.add_variable_from_value(name(first)?, pair.0.clone());
    scope.add_variable_from_value(name(second)?, pair.1.clone());
    scope.resolve(expression)
}

fn truth(value: Cel) -> Result<bool, ExecutionError> {
    match value {
        Cel::Bool(flag) => Ok(flag),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

/// The verdicts of the predicate, which is the third of three arguments.
fn verdicts(call: &Call<'_, '_>) -> Result<Vec<Result<bool, ExecutionError>>, ExecutionError> {
    let [_, _, predicate] = call.args else {
        return Err(ExecutionError::NoSuchOverload);
    };
    Ok(pairs(call)?
        .iter()
        .map(|pair| evaluate(call, pair, predicate).and_then(truth))
        .collect())
}

/// Whether one verdict is `wanted`: then the answer is it, whatever else went wrong.
fn any(call: &Call<'_, '_>, wanted: bool) -> ResolveResult {
    let mut error = None;
    for verdict in verdicts(call)? {
        match verdict {
            Ok(flag) if flag == wanted => return Ok(Cel::Bool(wanted)),
            Ok(_) => {}
            Err(fault) => error = Some(fault),
        }
    }
    error.map_or(Ok(Cel::Bool(!wanted)), Err)
}

fn all(call: &Call<'_, '_>) -> ResolveResult {
    any(call, false)
}

fn exists(call: &Call<'_, '_>) -> ResolveResult {
    any(call, true)
}

fn exists_one(call: &Call<'_, '_>) -> ResolveResult {
    let mut count = 0;
    for verdict in verdicts(call)? {
        count += usize::from(verdict?);
    }
    Ok(Cel::Bool(count == 1))
}

/// The pairs that pass the filter, if there is one, each with what the last argument makes of it.
fn transformed(call: &Call<'_, '_>) -> Result<Vec<(Cel, Cel)>, ExecutionError> {
    let (filter, transform) = match call.args {
        [_, _, transform] => (None, transform),
        [_, _, filter, transform] => (Some(filter), transform),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let mut out = Vec::new();
    for pair in pairs(call)? {
        let passes = match filter {
            Some(filter) => truth(evaluate(call, &pair, filter)?)?,
            None => true,
        };
        if passes {
            let value = evaluate(call, &pair, transform)?;
            out.push((pair.0, value));
        }
    }
    Ok(out)
}

fn transform_list(call: &Call<'_, '_>) -> ResolveResult {
    let items = transformed(call)?.into_iter().map(|(_, value)| value);
    Ok(Cel::List(Arc::new(items.collect())))
}

fn map_of(entries: HashMap<Key, Cel>) -> Cel {
    Cel::Map(Map {
        map: Arc::new(entries),
    })
}

fn transform_map(call: &Call<'_, '_>) -> ResolveResult {
    let mut entries = HashMap::new();
    for (key, value) in transformed(call)? {
        entries.insert(to_key(key)?, value);
    }
    Ok(map_of(entries))
}

fn transform_map_entry(call: &Call<'_, '_>) -> ResolveResult {
    let mut entries = HashMap::new();
    for (_, value) in transformed(call)? {
        let Cel::Map(entry) = value else {
            return Err(ExecutionError::NoSuchOverload);
        };
        for (key, value) in entry.map.iter() {
            if entries.insert(key.clone(), value.clone()).is_some() {
                return Err(call.error("a key appears twice"));
            }
        }
    }
    Ok(map_of(entries))
}

/// The items of a list in the order of what the second argument makes of each.
fn sort_by(call: &Call<'_, '_>) -> ResolveResult {
    let (Some(Cel::List(items)), [variable, key]) = (&call.this, call.args) else {
        return Err(ExecutionError::NoSuchOverload);
    };
    let mut keyed = Vec::with_capacity(items.len());
    for item in items.iter() {
        let mut scope = call.ptx.new_inner_scope();
        scope.add_variable_from_value(name(variable)?, item.clone());
        keyed.push((scope.resolve(key)?, item.clone()));
    }
    let comparable = |pair: &[(Cel, Cel)]| pair[0].0.partial_cmp(&pair[1].0).is_some();
    if !keyed.windows(2).all(comparable) {
        return Err(ExecutionError::NoSuchOverload);
    }
    keyed.sort_by(|(left, _), (right, _)| left.partial_cmp(right).unwrap_or(Ordering::Equal));
    let items = keyed.into_iter().map(|(_, item)| item).collect();
    Ok(Cel::List(Arc::new(items)))
}

/// What the second argument makes of the value of an optional, or nothing.
fn mapped(call: &Call<'_, '_>) -> Result<Option<Cel>, ExecutionError> {
    let (Some(this), [variable, expression]) = (&call.this, call.args) else {
        return Err(ExecutionError::NoSuchOverload);
    };
    let optional: &OptionalValue = this.try_into()?;
    let Some(value) = optional.value() else {
        return Ok(None);
    };
    let mut scope = call.ptx.new_inner_scope();
    scope.add_variable_from_value(name(variable)?, value.clone());
    scope.resolve(expression).map(Some)
}

fn opt_map(call: &Call<'_, '_>) -> ResolveResult {
    let optional = mapped(call)?.map_or_else(OptionalValue::none, OptionalValue::of);
    Ok(Cel::Opaque(Arc::new(optional)))
}

fn opt_flat_map(call: &Call<'_, '_>) -> ResolveResult {
    let value = mapped(call)?.unwrap_or_else(|| Cel::Opaque(Arc::new(OptionalValue::none())));
    let _: &OptionalValue = (&value).try_into()?;
    Ok(value)
}
