//! What a rule says of a value.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::value::Value;
use kube_cel::cel::objects::OptionalValue;
#[cfg(test)]
use kube_cel::cel::parser::Expression;
use kube_cel::cel::{Context, ExecutionError, Value as Cel};

use super::convert::{has_unfit_item, in_order_of, is_unfit, mended, to_cel};
use super::text::{Compiled, Rule};
use super::{Pair, Verdict, environment, guard, plain, uses};
use crate::fault::{Fault, Source};
use crate::schema::Schema;
use kube_vocab::Path;

/// Longer texts from a `messageExpression` are not used.
const MAX_MESSAGE: usize = 5 * 1024;

/// How one rule ended.
pub(crate) enum Outcome {
    Kept,
    Broken(String),
    /// The evaluation ended in an error, which counts as broken; whatever the object was before.
    Failed(String),
    /// The rule cannot be evaluated here, though a server could.
    Beyond(String),
}

impl Rule {
    fn broken_message(&self, compiled: &Compiled, context: &Context<'_>) -> String {
        let expressed =
            compiled
                .message
                .as_ref()
                .and_then(|expression| match context.resolve(expression) {
                    Ok(Cel::String(text)) => Some(text.trim().to_owned()),
                    _ => None,
                });
        expressed
            .filter(|text| !text.is_empty() && text.len() <= MAX_MESSAGE && !text.contains('\n'))
            .unwrap_or_else(|| self.own_message())
    }

    /// Whether the rule is kept with the members that are left out, and with others in their place. If it does nothing but
    /// ask for them, it has not come so far as to ask.
    fn passes_by(
        &self,
        compiled: &Compiled,
        context: &Context<'_>,
        new: &Value,
        shape: &Schema,
        unfit: &BTreeSet<String>,
    ) -> bool {
        let mended = to_cel(
            &mended(new, shape),
            shape,
            shape.embedded,
            &mut BTreeSet::new(),
        );
        let only_asks = unfit.iter().all(|name| !uses::reads(&compiled.rule, name));
        let mut scope = context.new_inner_scope();
        scope.add_variable_from_value("self", mended);
        only_asks
            && matches!(self.run(compiled, context), Outcome::Kept)
            && matches!(self.run(compiled, &scope), Outcome::Kept)
    }

    fn run(&self, compiled: &Compiled, context: &Context<'_>) -> Outcome {
        guard::guarded(compiled.depth, || self.resolve(compiled, context))
            .unwrap_or_else(Outcome::Beyond)
    }

    fn resolve(&self, compiled: &Compiled, context: &Context<'_>) -> Outcome {
        match context.resolve(&compiled.rule) {
            Ok(Cel::Bool(true)) => Outcome::Kept,
            Ok(_) => Outcome::Broken(self.broken_message(compiled, context)),
            Err(ExecutionError::UndeclaredReference(name)) => {
                Outcome::Beyond(format!("`{name}` is not known here"))
            }
            Err(error) => Outcome::Failed(format!("{}; {}", self.own_message(), plainly(&error))),
        }
    }
}

/// A value in the evaluator's form.
struct Prepared {
    /// With the value as `self`.
    context: Context<'static>,
    /// Members that rules cannot read.
    unfit: BTreeSet<String>,
    /// Whether rules cannot read the value itself.
    whole: bool,
}

impl Prepared {
    fn of(value: &Value, shape: &Schema, root: bool) -> Self {
        let mut context = environment::root().new_inner_scope();
        let mut unfit = BTreeSet::new();
        if has_unfit_item(value, shape) {
            unfit.insert("[]".to_owned());
        }
        context.add_variable_from_value("self", to_cel(value, shape, root, &mut unfit));
        Self {
            context,
            unfit,
            whole: is_unfit(value, shape),
        }
    }
}

/// Whether the evaluator itself finds that a rule holds.
#[cfg(test)]
pub(super) fn resolves_to_true(rule: &Expression, value: &Value, shape: &Schema) -> bool {
    let prepared = Prepared::of(value, shape, true);
    matches!(prepared.context.resolve(rule), Ok(Cel::Bool(true)))
}

/// Whether rules can read a value and all that stands in it.
pub(super) fn is_readable(value: &Value, shape: &Schema) -> bool {
    !is_unfit(value, shape) && !plain::has_unfit(value, shape)
}

/// Evaluates the rules of one node. `is_fit` says that it is known to have nothing that rules cannot read.
pub(super) fn evaluate(
    pair: Pair<'_>,
    rules: &[Rule],
    shape: &Schema,
    path: &Path<'_>,
    is_fit: bool,
    verdict: &mut Verdict,
) {
    if rules.is_empty() {
        return;
    }
    let root = path.is_root() || shape.embedded;
    let is_plain = is_fit || is_readable(pair.new, shape);
    let prepared = OnceCell::new();
    let old = pair.old.filter(|old| !old.is_null());
    let old_value = || {
        old.map(|old| {
            let old = in_order_of(old, pair.new, shape);
            to_cel(&old, shape, root, &mut BTreeSet::new())
        })
    };
    for rule in rules {
        let compiled = match rule.compiled() {
            Ok(compiled) => compiled,
            Err(error) => {
                let message = format!(
                    "the rule `{}` cannot be read here: {error}",
                    rule.text.trim()
                );
                verdict.notes.push(Fault::new(Source::Cel, *path, message));
                continue;
            }
        };
        if is_plain && !compiled.uses_old_self && plain::is_kept(&compiled.plain, pair.new, shape) {
            continue;
        }
        let Prepared {
            context,
            unfit,
            whole,
        } = prepared.get_or_init(|| Prepared::of(pair.new, shape, root));
        let mut context = context.new_inner_scope();
        if compiled.uses_old_self {
            match (rule.optional_old_self, old_value()) {
                (false, None) => continue,
                (false, Some(old)) => context.add_variable_from_value("oldSelf", old),
                (true, old) => {
                    let optional = old.map_or_else(OptionalValue::none, OptionalValue::of);
                    context.add_variable_from_value("oldSelf", Cel::Opaque(Arc::new(optional)));
                }
            }
        }
        let meets_unfit = *whole || unfit.iter().any(|name| uses::meets(&compiled.rule, name));
        let outcome = if meets_unfit
            && (*whole || !rule.passes_by(compiled, &context, pair.new, shape, unfit))
        {
            Outcome::Failed(format!(
                "{}; the rule cannot read a value in it",
                rule.own_message()
            ))
        } else {
            rule.run(compiled, &context)
        };
        match outcome {
            Outcome::Kept => {}
            Outcome::Broken(_) if pair.unchanged && !compiled.uses_old_self => {}
            Outcome::Broken(message) => {
                let at = with_field_path(path, rule.field_path.as_deref(), shape);
                verdict.findings.push(Fault::new(Source::Cel, at, message));
            }
            Outcome::Failed(message) => {
                verdict
                    .findings
                    .push(Fault::new(Source::Cel, *path, message));
            }
            Outcome::Beyond(reason) => {
                let message = format!(
                    "the rule `{}` cannot be evaluated here: {reason}",
                    rule.text.trim()
                );
                verdict.notes.push(Fault::new(Source::Cel, *path, message));
            }
        }
    }
}

/// The path of the value, and from there the one that the rule names. A member in brackets is written after a dot where it
/// is a field of the schema.
fn with_field_path(path: &Path<'_>, field_path: Option<&str>, shape: &Schema) -> String {
    let mut out = path.to_string();
    let mut rest = field_path.unwrap_or_default();
    let mut at = Some(shape);
    while !rest.is_empty() {
        let (name, after) = if let Some(quoted) = rest.strip_prefix("['") {
            quoted.split_once("']").unwrap_or((quoted, ""))
        } else {
            let plain = rest.strip_prefix('.').unwrap_or(rest);
            plain.split_at(plain.find(['.', '[']).unwrap_or(plain.len()))
        };
        let field = at.is_none_or(|at| at.properties.contains_key(name));
        match field {
            true if out.is_empty() => out.push_str(name),
            true => out.push_str(&format!(".{name}")),
            false => out.push_str(&format!("[{name}]")),
        }
        at = at.and_then(|at| at.member(name));
        rest = after;
    }
    out
}

/// Why a rule ended in an error, as somebody sees it who knows the object and not the evaluator.
pub(super) fn plainly(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(name) => format!("it reads `{name}`, which is not set"),
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
            "it divides by zero".to_owned()
        }
        ExecutionError::IndexOutOfBounds(_) => "it reads an item that is not there".to_owned(),
        _ => "it ends in an error for this value".to_owned(),
    }
}
