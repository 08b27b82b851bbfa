//! CEL: the validation rules of a CustomResourceDefinition (`x-kubernetes-validations`), and expressions of policies.

mod convert;
mod environment;
mod expression;
mod grammar;
mod guard;
mod kind;
mod macros;
mod named_format;
mod plain;
mod rule;
mod scalar;
mod text;
mod time;
mod types;
mod unreadable;
mod url;
mod uses;
mod walk;

use crate::value::Value;

pub use expression::{Answer, EvaluationError, Expression, Scope};
pub(crate) use kind::{Kind, PLAIN_NAMES};
pub(crate) use text::Rule;

use crate::fault::Fault;
use crate::schema::{Schema, is_unchanged, old_item};
use kube_vocab::Path;

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
pub(crate) struct Parsed(kube_cel::cel::parser::Expression);

impl Parsed {
    /// Whether any part of it reads the variable of this name.
    pub(crate) fn has_variable(&self, name: &str) -> bool {
        self.0.references().has_variable(name)
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

/// Reads an expression, or says where it is no CEL; `None` where we cannot tell.
pub(crate) fn syntax(text: &str) -> Result<Option<Parsed>, String> {
    // What is beyond our evaluator, a server may well read.
    if guard::depth(text).is_err() {
        return Ok(None);
    }
    text::parse(text).map(|(expression, _)| Some(Parsed(expression)))
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
    if !rules.has_rules || pair.new.is_null() {
        return;
    }
    rule::evaluate(pair, &rules.rules, shape, path, verdict);
    for branch in &rules.all_of {
        check_rules(pair, branch, shape, path, verdict);
    }
    match pair.new {
        Value::Object(members) => {
            for (name, new) in members {
                let old = pair.old.and_then(|old| old.get(name));
                if let Some(property) = rules.properties.get(name.as_str()) {
                    let shape = shape.properties.get(name.as_str()).unwrap_or(property);
                    check_rules(
                        pair.child(new, old, shape),
                        property,
                        shape,
                        &path.field(name),
                        verdict,
                    );
                } else if let Some(additional) = rules.additional.schema() {
                    let shape = shape.additional.schema().unwrap_or(additional);
                    check_rules(
                        pair.child(new, old, shape),
                        additional,
                        shape,
                        &path.key(name),
                        verdict,
                    );
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &rules.items {
                let item_shape = shape.items.as_deref().unwrap_or(each);
                for (index, new) in items.iter().enumerate() {
                    let old = old_item(shape, new, pair.old);
                    check_rules(
                        pair.child(new, old, item_shape),
                        each,
                        item_shape,
                        &path.index(index),
                        verdict,
                    );
                }
            }
        }
        _ => {}
    }
}
