//! Rules of plain logic, answered on the JSON value itself.
//!
//! Most rules ask whether members are there, and what they are. The evaluator wants a copy of the value in its own form for that,
//! and a context for each rule. Here the common part of the language is read off the value as it stands. What is not plain, and
//! whatever would be an error, is left to the evaluator: an answer here is one that it gives, too.

use std::ops::ControlFlow;
use std::rc::Rc;

use crate::value::{Map, Value};
use kube_cel::cel::IdedExpr;
use kube_cel::cel::common::ast::operators as op;
use kube_cel::cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SelectExpr};

use super::convert::{RESERVED, integer, is_unfit};
use super::environment;
use crate::format::{Format, Types};
use crate::schema::Schema;

/// Whether the rule surely holds. `false` says nothing: neither that it is broken nor that it can be read.
pub(super) fn is_kept(rule: &IdedExpr, value: &Value, shape: &Schema) -> bool {
    let own = Scope {
        name: "self",
        value: Plain::Json(value, shape),
        outer: None,
    };
    own.answer(rule).and_then(Plain::truth) == Some(true)
}

/// Whether a value that a rule [cannot read](is_unfit) stands inside.
pub(super) fn has_unfit(value: &Value, schema: &Schema) -> bool {
    let within = |value: &Value, schema: &Schema| {
        let is_hidden = value.is_null() && schema.nullable;
        !is_hidden && (is_unfit(value, schema) || has_unfit(value, schema))
    };
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            let schema = schema.member(name);
            schema.is_some_and(|schema| within(member, schema))
        }),
        Value::Array(items) => match &schema.items {
            Some(each) => items.iter().any(|item| within(item, each)),
            None => false,
        },
        _ => false,
    }
}

/// A result without the evaluator: a value of the object as it stands, or one that was made.
#[derive(Clone)]
enum Plain<'v> {
    Bool(bool),
    Int(i64),
    Text(&'v str),
    /// Part of the value, and what its schema says of it.
    Json(&'v Value, &'v Schema),
    /// A list that the rule makes.
    List(Rc<[Plain<'v>]>),
}

impl<'v> Plain<'v> {
    /// The same as a text, number or truth value, if it is one to a rule.
    fn scalar(self) -> Option<Self> {
        let (value, schema) = match self {
            Self::Json(value, schema) => (value, schema),
            Self::List(_) => return None,
            scalar => return Some(scalar),
        };
        match value {
            Value::Bool(flag) => Some(Self::Bool(*flag)),
            Value::Number(number) if schema.types != Types::NUMBER => {
                integer(number).map(Self::Int)
            }
            Value::String(text) => match schema.format {
                Some(Format::Duration | Format::DateTime | Format::Date | Format::Byte) => None,
                _ => Some(Self::Text(text)),
            },
            _ => None,
        }
    }

    fn truth(self) -> Option<bool> {
        match self.scalar()? {
            Self::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    fn int(self) -> Option<i64> {
        match self.scalar()? {
            Self::Int(number) => Some(number),
            _ => None,
        }
    }

    fn text(self) -> Option<&'v str> {
        match self.scalar()? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn equals(self, other: Self) -> Option<bool> {
        match (self.scalar()?, other.scalar()?) {
            (Self::Bool(one), Self::Bool(other)) => Some(one == other),
            (Self::Int(one), Self::Int(other)) => Some(one == other),
            (Self::Text(one), Self::Text(other)) => Some(one == other),
            _ => None,
        }
    }

    /// The items of a list, with their schema.
    fn items(self) -> Option<(&'v [Value], &'v Schema)> {
        match self {
            Self::Json(Value::Array(items), schema) => Some((items, schema.items.as_deref()?)),
            _ => None,
        }
    }

    /// What a macro goes through: the items of a list, or the keys of a map.
    fn elements(self) -> Option<Elements<'v>> {
        match self {
            Self::List(items) => Some(Elements::Made(items)),
            Self::Json(Value::Object(members), schema) => {
                // A rule does not see members that are null, and sees declared members as fields.
                let is_map = schema.properties.is_empty() && schema.additional.schema().is_some();
                let is_whole = members.values().all(|member| !member.is_null());
                (is_map && is_whole).then_some(Elements::Keys(members))
            }
            _ => self
                .items()
                .map(|(items, each)| Elements::Items(items, each)),
        }
    }

    fn size(self) -> Option<i64> {
        let length = match self {
            Self::List(items) => items.len(),
            _ => match self.clone().scalar() {
                // Letters are counted, not bytes: here they are the same.
                Some(Self::Text(text)) if text.is_ascii() => text.len(),
                Some(_) => return None,
                None => self.items()?.0.len(),
            },
        };
        i64::try_from(length).ok()
    }
}

/// What a macro goes through.
enum Elements<'v> {
    Items(&'v [Value], &'v Schema),
    Keys(&'v Map),
    Made(Rc<[Plain<'v>]>),
}

impl<'v> Elements<'v> {
    /// Calls `visit` with each until it says that it has seen enough; `None` where it cannot tell.
    fn visit(self, mut visit: impl FnMut(Plain<'v>) -> Option<ControlFlow<()>>) -> Option<()> {
        let mut each = |element| visit(element).map(|flow| flow.is_continue());
        match self {
            Self::Items(items, schema) => {
                for item in items {
                    if !each(Plain::Json(item, schema))? {
                        break;
                    }
                }
            }
            Self::Keys(members) => {
                for key in members.keys() {
                    if !each(Plain::Text(key))? {
                        break;
                    }
                }
            }
            Self::Made(items) => {
                for item in &*items {
                    if !each(item.clone())? {
                        break;
                    }
                }
            }
        }
        Some(())
    }
}

/// A variable, and those around it.
struct Scope<'s, 'v> {
    name: &'s str,
    value: Plain<'v>,
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Scope<'s, 'v> {
    fn with<'i>(&'i self, name: &'i str, value: Plain<'v>) -> Scope<'i, 'v>
    where
        's: 'i,
    {
        Scope {
            name,
            value,
            outer: Some(self),
        }
    }

    fn variable(&self, name: &str) -> Option<Plain<'v>> {
        match self.name == name {
            true => Some(self.value.clone()),
            false => self.outer?.variable(name),
        }
    }

    /// What an expression makes; `None` where only the evaluator knows.
    fn answer<'e: 'v>(&self, expression: &'e IdedExpr) -> Option<Plain<'v>> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(flag)) => Some(Plain::Bool(*flag.inner())),
            Expr::Literal(LiteralValue::Int(number)) => Some(Plain::Int(*number.inner())),
            Expr::Literal(LiteralValue::String(text)) => Some(Plain::Text(text.inner())),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(each) => match &each.accu_init.expr {
                Expr::List(_) => self.made(each),
                _ => self.comprehension(each),
            },
            Expr::List(list) if list.optional_indices.is_empty() => {
                let items = list.elements.iter().map(|element| self.answer(element));
                Some(Plain::List(items.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    fn select<'e: 'v>(&self, select: &'e SelectExpr) -> Option<Plain<'v>> {
        let field = select.field.as_str();
        let Plain::Json(Value::Object(members), schema) = self.answer(&select.operand)? else {
            return None;
        };
        let inner = field
            .strip_prefix("__")
            .and_then(|rest| rest.strip_suffix("__"));
        let field = match inner {
            Some(word) if RESERVED.contains(&word) => word,
            // Other names stand for another member, and of metadata a rule sees more or less than is declared.
            _ if field.contains("__") || RESERVED.contains(&field) || field == "metadata" => {
                return None;
            }
            _ => field,
        };
        let property = schema.properties.get(field)?;
        match members.get(field) {
            None => select.test.then_some(Plain::Bool(false)),
            Some(Value::Null) => None,
            Some(_) if select.test => Some(Plain::Bool(true)),
            Some(member) => Some(Plain::Json(member, property)),
        }
    }

    fn call<'e: 'v>(&self, call: &'e CallExpr) -> Option<Plain<'v>> {
        let truth = |expression: &'e IdedExpr| self.answer(expression)?.truth();
        let target = call.target.as_deref();
        let answer = match (call.func_name.as_str(), target, call.args.as_slice()) {
            (op::CONDITIONAL, None, [condition, yes, no]) => {
                return self.answer(if truth(condition)? { yes } else { no });
            }
            // Each decides alone, even beside an error.
            (op::LOGICAL_OR, None, [one, other]) => match truth(one) {
                Some(false) => truth(other)?,
                Some(true) => true,
                None => truth(other).filter(|holds| *holds)?,
            },
            (op::LOGICAL_AND, None, [one, other]) => match truth(one) {
                Some(true) => truth(other)?,
                Some(false) => false,
                None => truth(other).filter(|holds| !*holds)?,
            },
            (op::LOGICAL_NOT, None, [one]) => !truth(one)?,
            (op::NOT_STRICTLY_FALSE, None, [one]) => truth(one)?,
            (op::EQUALS, None, [one, other]) => self.answer(one)?.equals(self.answer(other)?)?,
            (op::NOT_EQUALS, None, [one, other]) => {
                !self.answer(one)?.equals(self.answer(other)?)?
            }
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, None, [one, other]) => {
                let (one, other) = (self.answer(one)?.int()?, self.answer(other)?.int()?);
                match call.func_name.as_str() {
                    op::LESS => one < other,
                    op::LESS_EQUALS => one <= other,
                    op::GREATER => one > other,
                    _ => one >= other,
                }
            }
            (op::ADD, None, [one, other]) => {
                let sum = self
                    .answer(one)?
                    .int()?
                    .checked_add(self.answer(other)?.int()?);
                return sum.map(Plain::Int);
            }
            (op::NEGATE, None, [one]) => {
                let number = self.answer(one)?.int()?.checked_neg();
                return number.map(Plain::Int);
            }
            ("sum", Some(of), []) => {
                let mut sum = 0_i64;
                self.answer(of)?.elements()?.visit(|number| {
                    sum = sum.checked_add(number.int()?)?;
                    Some(ControlFlow::Continue(()))
                })?;
                return Some(Plain::Int(sum));
            }
            ("indexOf", Some(of), [part]) => {
                let (text, part) = (self.answer(of)?.text()?, self.answer(part)?.text()?);
                // Letters are counted, not bytes: here they are the same.
                let at = match text.is_ascii() {
                    true => text
                        .find(part)
                        .map_or(Some(-1), |at| i64::try_from(at).ok()),
                    false => None,
                };
                return at.map(Plain::Int);
            }
            (op::INDEX, None, [list, at]) => {
                let (items, each) = self.answer(list)?.items()?;
                let at = usize::try_from(self.answer(at)?.int()?).ok()?;
                return Some(Plain::Json(items.get(at)?, each));
            }
            (op::IN, None, [one, list]) => self.is_in(self.answer(one)?.text()?, list)?,
            ("size", Some(of), []) | ("size", None, [of]) => {
                return self.answer(of)?.size().map(Plain::Int);
            }
            ("startsWith", Some(of), [start]) => {
                let (text, start) = (self.answer(of)?.text()?, self.answer(start)?.text()?);
                text.starts_with(start)
            }
            ("endsWith", Some(of), [end]) => {
                let (text, end) = (self.answer(of)?.text()?, self.answer(end)?.text()?);
                text.ends_with(end)
            }
            ("contains", Some(of), [part]) => {
                let (text, part) = (self.answer(of)?.text()?, self.answer(part)?.text()?);
                text.contains(part)
            }
            ("matches", Some(of), [pattern]) => {
                let (text, pattern) = (self.answer(of)?.text()?, self.answer(pattern)?.text()?);
                environment::pattern(pattern)?.is_match(text)
            }
            _ => return None,
        };
        Some(Plain::Bool(answer))
    }

    /// Whether a text is one of a list of texts.
    fn is_in<'e: 'v>(&self, text: &str, list: &'e IdedExpr) -> Option<bool> {
        let mut is_there = false;
        if let Expr::List(list) = &list.expr {
            for element in &list.elements {
                is_there |= self.answer(element)?.text()? == text;
            }
            return list.optional_indices.is_empty().then_some(is_there);
        }
        let (items, each) = self.answer(list)?.items()?;
        for item in items {
            is_there |= Plain::Json(item, each).text()? == text;
        }
        Some(is_there)
    }

    /// `all`, `exists` and `exists_one` over a list, or the keys of a map.
    fn comprehension<'e: 'v>(&self, each: &'e ComprehensionExpr) -> Option<Plain<'v>> {
        let elements = self.answer(&each.iter_range)?.elements()?;
        if each.iter_var2.is_some() {
            return None;
        }
        let mut result = self.answer(&each.accu_init)?;
        elements.visit(|element| {
            let outer = self.with(&each.accu_var, result.clone());
            if !outer.answer(&each.loop_cond)?.truth()? {
                return Some(ControlFlow::Break(()));
            }
            let inner = outer.with(&each.iter_var, element);
            result = inner.answer(&each.loop_step)?;
            Some(ControlFlow::Continue(()))
        })?;
        self.with(&each.accu_var, result).answer(&each.result)
    }

    /// `map` and `filter`, which add one element after the other to a list.
    fn made<'e: 'v>(&self, each: &'e ComprehensionExpr) -> Option<Plain<'v>> {
        let (condition, added) = Self::addition(each)?;
        let elements = self.answer(&each.iter_range)?.elements()?;
        let mut items = Vec::new();
        elements.visit(|element| {
            let inner = self.with(&each.iter_var, element);
            let is_wanted = match condition {
                Some(condition) => inner.answer(condition)?.truth()?,
                None => true,
            };
            if is_wanted {
                items.push(inner.answer(added)?);
            }
            Some(ControlFlow::Continue(()))
        })?;
        Some(Plain::List(items.into()))
    }

    /// The condition on which an element is added, and what is added for it.
    fn addition(each: &ComprehensionExpr) -> Option<(Option<&IdedExpr>, &IdedExpr)> {
        let is_result =
            |tree: &IdedExpr| matches!(&tree.expr, Expr::Ident(name) if *name == each.accu_var);
        let step = arguments(&each.loop_step)?;
        let (condition, more) = match step {
            (op::CONDITIONAL, [condition, more, same]) if is_result(same) => {
                (Some(condition), arguments(more)?)
            }
            step => (None, step),
        };
        let (op::ADD, [so_far, added]) = more else {
            return None;
        };
        let (Expr::List(init), Expr::List(added)) = (&each.accu_init.expr, &added.expr) else {
            return None;
        };
        let is_plain = init.elements.is_empty()
            && added.optional_indices.is_empty()
            && each.iter_var2.is_none()
            && is_result(so_far)
            && is_result(&each.result);
        match added.elements.as_slice() {
            [added] if is_plain => Some((condition, added)),
            _ => None,
        }
    }
}

/// The name of an operator and what it stands between.
fn arguments(tree: &IdedExpr) -> Option<(&str, &[IdedExpr])> {
    match &tree.expr {
        Expr::Call(call) if call.target.is_none() => Some((&call.func_name, &call.args)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
