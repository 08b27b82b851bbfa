//! What a rule says of a value.

use super::compiled::{Outcome, Question};
use super::evaluator::{self, judge::Asked};
use super::text::Rule;
use super::unfit::is_unfit;
use super::{Pair, Verdict, plain};
use crate::fault::{Fault, Source};
use crate::schema::Schema;
use crate::value::Value;
use kube_vocab::Path;

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
    let asked = Asked::new(pair, shape, root);
    let has_old = pair.old.is_some_and(|old| !old.is_null());
    for rule in rules {
        let compiled = match rule.compiled() {
            Ok(compiled) => compiled,
            Err(error) => {
                let message = format!(
                    "the rule `{}` cannot be read here: {}",
                    rule.text.trim(),
                    error.reason()
                );
                verdict.notes.push(Fault::new(Source::Cel, *path, message));
                continue;
            }
        };
        if compiled.uses_old_self && !rule.optional_old_self && !has_old {
            continue;
        }
        let answer = match is_plain && !compiled.uses_old_self {
            true => plain::answer(&compiled.plain, pair.new, shape),
            false => None,
        };
        let outcome = match answer {
            Some(true) => continue,
            Some(false) if compiled.message.is_none() || !evaluator::IS_BUILT_IN => {
                Outcome::Broken(rule.own_message())
            }
            _ => asked.outcome(Question {
                compiled,
                optional_old_self: rule.optional_old_self,
                own_message: &|| rule.own_message(),
            }),
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
