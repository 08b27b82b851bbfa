//! CEL: the validation rules of a CustomResourceDefinition (`x-kubernetes-validations`), and expressions of policies.

mod compiled;
#[cfg_attr(not(feature = "cel"), path = "no_evaluator/mod.rs")]
mod evaluator;
mod expression;
mod grammar;
mod guard;
mod kind;
mod names;
mod patterns;
mod plain;
mod program;
mod rule;
mod text;
mod tree;
mod unfit;
mod walk;

use crate::value::Value;

pub use compiled::EvaluationError;
pub(crate) use compiled::Unread;
pub use expression::{Answer, Expression, Scope};
pub(crate) use kind::{Kind, PLAIN_NAMES};
pub(crate) use names::RESERVED;
pub(crate) use text::Rule;

use crate::fault::Fault;
use crate::schema::{Schema, is_unchanged, old_item};
use kube_vocab::Path;

/// How often this process has asked the evaluator of CEL so far: to read an expression that our own reader does not read, or for an
/// answer that the value itself does not give. A program that never asks it can be built without the feature `cel`.
pub fn evaluations() -> u64 {
    evaluator::asked()
}

/// What the rules say of an object.
#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) findings: Vec<Fault>,
    /// Rules that this library cannot evaluate, with the reason. A server can: they speak neither for nor against.
    pub(crate) notes: Vec<Fault>,
}

/// A value with its predecessor, where an update is judged and the two can be told to belong together.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) new: &'a Value,
    pub(crate) old: Option<&'a Value>,
    /// The value is what it was before: a rule that it breaks now, it broke then.
    pub(crate) unchanged: bool,
}

impl<'a> Pair<'a> {
    pub(crate) fn new(new: &'a Value, old: Option<&'a Value>, shape: &Schema) -> Self {
        Self {
            new,
            old,
            unchanged: old.is_some_and(|old| is_unchanged(new, old, shape)),
        }
    }

    fn child(self, new: &'a Value, old: Option<&'a Value>, shape: &Schema) -> Self {
        Self {
            new,
            old,
            unchanged: old.map_or(self.unchanged, |old| is_unchanged(new, old, shape)),
        }
    }
}

/// An expression that was read.
pub(crate) struct Parsed(tree::IdedExpr);

impl Parsed {
    /// Whether any part of it reads the variable of this name.
    pub(crate) fn has_variable(&self, name: &str) -> bool {
        walk::has_variable(&self.0, name)
    }

    /// What it makes, or why a server refuses it, where the variables are of these kinds.
    pub(crate) fn kind<'s>(&self, names: &[(&str, Kind<'s>)]) -> Result<Kind<'s>, String> {
        kind::check(&self.0, names)
    }

    /// The names that are selected from a variable: `b` of `variable.b`.
    pub(crate) fn members_of(&self, variable: &str) -> impl Iterator<Item = String> {
        let found = walk::members_of(&self.0, variable);
        let found: Vec<String> = found.into_iter().map(str::to_owned).collect();
        found.into_iter()
    }
}

/// Reads an expression, or says why there is none.
pub(crate) fn syntax(text: &str) -> Result<Parsed, Unread> {
    text::parse(text).map(|(expression, _)| Parsed(expression))
}

/// Evaluates the rules of `rules` and below. `shape` is the schema node that says what the value is; the two differ
/// inside `allOf`.
pub(crate) fn check_rules(
    pair: Pair<'_>,
    rules: &Schema,
    shape: &Schema,
    path: &Path<'_>,
    verdict: &mut Verdict,
) {
    if rules.has_rules && !pair.new.is_null() {
        let is_fit = rule::is_readable(pair.new, shape);
        check_node(pair, rules, shape, path, is_fit, verdict);
    }
}

/// As [`check_rules`], where the value [is known](rule::is_readable) to be readable by the rules, or not known.
fn check_node(
    pair: Pair<'_>,
    rules: &Schema,
    shape: &Schema,
    path: &Path<'_>,
    is_fit: bool,
    verdict: &mut Verdict,
) {
    if !rules.has_rules || pair.new.is_null() {
        return;
    }
    rule::evaluate(pair, &rules.rules, shape, path, is_fit, verdict);
    for branch in &rules.all_of {
        check_node(pair, branch, shape, path, is_fit, verdict);
    }
    // What a branch alone declares, nobody has looked at.
    let is_fit = is_fit && std::ptr::eq(rules, shape);
    let mut child = |new, old, rules: &Schema, shape: Option<&Schema>, path: &Path<'_>| {
        let shape = shape.unwrap_or(rules);
        if !rules.has_rules {
            return;
        }
        check_node(
            pair.child(new, old, shape),
            rules,
            shape,
            path,
            is_fit,
            verdict,
        );
    };
    match pair.new {
        Value::Object(members) => {
            for (name, new) in members {
                let old = pair.old.and_then(|old| old.get(name));
                if let Some(property) = rules.properties.get(name.as_str()) {
                    let shape = shape.properties.get(name.as_str()).map(|child| &**child);
                    child(new, old, property, shape, &path.field(name));
                } else if let Some(additional) = rules.additional.schema() {
                    let shape = shape.additional.schema();
                    child(new, old, additional, shape, &path.key(name));
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = rules.items.as_deref() {
                for (index, new) in items.iter().enumerate() {
                    let old = old_item(shape, new, pair.old);
                    child(new, old, each, shape.items.as_deref(), &path.index(index));
                }
            }
        }
        _ => {}
    }
}
