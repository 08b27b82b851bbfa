//! What the evaluator says of a rule and a value.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use kube_cel::cel::objects::OptionalValue;
use kube_cel::cel::{Context, ExecutionError, Value as Cel};

use super::convert::{has_unfit_item, in_order_of, mended, to_cel};
use super::guarded::guarded;
use super::{environment, uses};
use crate::cel::Pair;
use crate::cel::compiled::{Outcome, Question};
#[cfg(test)]
use crate::cel::tree::IdedExpr;
use crate::cel::unfit::is_unfit;
use crate::schema::Schema;
use crate::value::Value;

/// Longer texts from a `messageExpression` are not used.
const MAX_MESSAGE: usize = 5 * 1024;

/// The value that rules are evaluated on, brought into the evaluator's form when the first one needs it.
pub(in crate::cel) struct Asked<'v> {
    pair: Pair<'v>,
    shape: &'v Schema,
    root: bool,
    prepared: OnceCell<Prepared>,
}

impl<'v> Asked<'v> {
    pub(in crate::cel) const fn new(pair: Pair<'v>, shape: &'v Schema, root: bool) -> Self {
        Self {
            pair,
            shape,
            root,
            prepared: OnceCell::new(),
        }
    }

    /// How the rule ends.
    pub(in crate::cel) fn outcome(&self, question: Question<'_>) -> Outcome {
        super::count();
        let (new, shape, compiled) = (self.pair.new, self.shape, question.compiled);
        let prepared = self
            .prepared
            .get_or_init(|| Prepared::of(new, shape, self.root));
        let (unfit, whole) = (&prepared.unfit, prepared.whole);
        let mut context = prepared.context.new_inner_scope();
        if compiled.uses_old_self {
            let old = self.old_value();
            if question.optional_old_self {
                let optional = old.map_or_else(OptionalValue::none, OptionalValue::of);
                context.add_variable_from_value("oldSelf", Cel::Opaque(Arc::new(optional)));
            } else if let Some(old) = old {
                context.add_variable_from_value("oldSelf", old);
            }
        }
        let meets_unfit = whole || unfit.iter().any(|name| uses::meets(&compiled.rule, name));
        if meets_unfit && (whole || !question.passes_by(&context, new, shape, unfit)) {
            let said = (question.own_message)();
            return Outcome::Failed(format!("{said}; the rule cannot read a value in it"));
        }
        question.run(&context)
    }

    fn old_value(&self) -> Option<Cel> {
        let old = self.pair.old.filter(|old| !old.is_null())?;
        let old = in_order_of(old, self.pair.new, self.shape);
        Some(to_cel(&old, self.shape, self.root, &mut BTreeSet::new()))
    }
}

impl Question<'_> {
    fn broken_message(&self, context: &Context<'_>) -> String {
        let message = self.compiled.message.as_ref();
        let expressed = message.and_then(|expression| match context.resolve(expression) {
            Ok(Cel::String(text)) => Some(text.trim().to_owned()),
            _ => None,
        });
        expressed
            .filter(|text| !text.is_empty() && text.len() <= MAX_MESSAGE && !text.contains('\n'))
            .unwrap_or_else(self.own_message)
    }

    /// Whether the rule is kept with the members that are left out, and with others in their place. If it does nothing but
    /// ask for them, it has not come so far as to ask.
    fn passes_by(
        &self,
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
        let only_asks = unfit
            .iter()
            .all(|name| !uses::reads(&self.compiled.rule, name));
        let mut scope = context.new_inner_scope();
        scope.add_variable_from_value("self", mended);
        only_asks
            && matches!(self.run(context), Outcome::Kept)
            && matches!(self.run(&scope), Outcome::Kept)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let depth = self.compiled.depth;
        guarded(depth, || self.resolve(context)).unwrap_or_else(Outcome::Beyond)
    }

    fn resolve(&self, context: &Context<'_>) -> Outcome {
        match context.resolve(&self.compiled.rule) {
            Ok(Cel::Bool(true)) => Outcome::Kept,
            Ok(_) => Outcome::Broken(self.broken_message(context)),
            Err(ExecutionError::UndeclaredReference(name)) => {
                Outcome::Beyond(format!("`{name}` is not known here"))
            }
            Err(error) => Outcome::Failed(format!("{}; {}", (self.own_message)(), plainly(&error))),
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

/// Whether the evaluator itself finds that a rule holds, if it finds either.
#[cfg(test)]
pub(in crate::cel) fn truth(rule: &IdedExpr, value: &Value, shape: &Schema) -> Option<bool> {
    let prepared = Prepared::of(value, shape, true);
    match prepared.context.resolve(rule) {
        Ok(Cel::Bool(flag)) => Some(flag),
        _ => None,
    }
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
